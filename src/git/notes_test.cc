#include "git/notes.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "git/log.h"
#include "git/test_upstream.h"

namespace flux::git::testing {
namespace notes_test {

class NotesTest : public GitTest {};

TEST(NotesRef, IsFullyQualified) {
  EXPECT_EQ(notes_ref("flux"), "refs/notes/flux");
  EXPECT_EQ(notes_ref("notes/x"), "refs/notes/x");
  EXPECT_EQ(notes_ref("refs/notes/x"), "refs/notes/x");
  EXPECT_EQ(notes_ref("a/b"), "refs/notes/a/b");
}

TEST(Note, UnderstandsWhatTheDaemonWrites) {
  const auto note = parse_note(R"({"jobID":"j-1","spec":{"type":"policy","cause":{},"spec":{}},"result":null})");
  EXPECT_TRUE(note.understood);
  EXPECT_EQ(note.job_id, "j-1");
  EXPECT_EQ(note.spec_type, "policy");
}

TEST(Note, AnythingElseIsKeptButNotUnderstood) {
  for (const auto* text : {"", "reviewed by Ann", "[]", "{}", "{\"jobID\":1,\"spec\":{\"type\":\"auto\"}}",
                           "{\"jobID\":\"x\",\"spec\":\"auto\"}", "{\"jobID\":\"x\"}", "{\"jobID\":\"\xff\"}"}) {
    const auto note = parse_note(text);
    EXPECT_FALSE(note.understood) << text;
    EXPECT_EQ(note.json, text);
  }
}

std::string json_of(std::size_t i) { return fmt::format(R"({{"jobID":"job-{}","spec":{{"type":"auto"}}}})", i); }

TEST_F(NotesTest, ReadsThoseAskedForAsGitWroteThem) {
  const auto a = upstream_.commit("x", "1");
  const auto b = upstream_.commit("x", "2");
  const auto c = upstream_.commit("x", "3");
  upstream_.git({"notes", "--ref", "flux", "add", "-m", json_of(1), a});
  upstream_.git({"notes", "--ref", "flux", "add", "-m", json_of(3), c});
  const auto repository = upstream_.repository();
  const auto notes = read_notes(bounded(), repository, "flux", {a, b});
  ASSERT_TRUE(notes) << notes.error().message;
  ASSERT_EQ(notes->size(), 1U);
  EXPECT_EQ(notes->at(a).job_id, "job-1");
}

TEST_F(NotesTest, ManyNotesLieInDirectories) {
  constexpr std::size_t kCount = 300;
  std::string commits;
  std::string notes = "commit refs/notes/flux\ncommitter A <a@b> 1 +0000\ndata 1\nn\n";
  for (std::size_t i = 1; i <= kCount; ++i) {
    commits += fmt::format("commit refs/heads/main\nmark :{0}\ncommitter A <a@b> {0} +0000\ndata 1\nc\n", i);
    notes += fmt::format("N inline :{}\ndata {}\n{}\n", i, json_of(i).size(), json_of(i));
  }
  upstream_.git({"fast-import", "--quiet"}, commits + notes);
  ASSERT_THAT(upstream_.git({"ls-tree", "refs/notes/flux"}), ::testing::StartsWith("040000 tree"));

  const auto repository = upstream_.repository();
  const auto history = list_commits(bounded(), repository, {.from = {}, .to = "refs/heads/main", .paths = {}});
  ASSERT_TRUE(history);
  std::vector<std::string> revisions;
  for (const auto& commit : *history) revisions.push_back(commit.revision);
  const auto read = read_notes(bounded(), repository, "flux", revisions);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), kCount);
  for (std::size_t i = 0; i < kCount; ++i) EXPECT_EQ(read->at(revisions[i]).job_id, fmt::format("job-{}", kCount - i));
}

TEST_F(NotesTest, FanOutIsFollowedToAnyDepth) {
  const auto a = upstream_.commit("x", "1");
  const auto b = upstream_.commit("x", "2");
  const auto c = upstream_.commit("x", "3");
  const auto blob = upstream_.git({"hash-object", "-w", "--stdin"}, R"({"jobID":"j","spec":{"type":"auto"}})");
  const auto tree = [&](const std::string& lines) { return upstream_.git({"mktree"}, lines); };
  const auto deep = tree("100644 blob " + blob + "\t" + b.substr(4) + "\n");
  const auto middle = tree("040000 tree " + deep + "\t" + b.substr(2, 2) + "\n");
  std::string root_lines = "100644 blob " + blob + "\t" + a + "\n040000 tree " + middle + "\t" + b.substr(0, 2) + "\n";
  const auto note = upstream_.git({"commit-tree", "-m", "notes", tree(root_lines)});
  upstream_.git({"update-ref", "refs/notes/deep", note});
  const auto repository = upstream_.repository();
  const auto notes = read_notes(bounded(), repository, "notes/deep", {c, a, b});
  ASSERT_TRUE(notes) << notes.error().message;
  EXPECT_EQ(notes->size(), 2U);
  EXPECT_TRUE(notes->contains(a));
  EXPECT_TRUE(notes->contains(b));
}

TEST_F(NotesTest, LargeOnesAreLeftOutWithAWarningThatNamesTheCommit) {
  const auto a = upstream_.commit("x", "1");
  const auto b = upstream_.commit("x", "2");
  upstream_.git({"notes", "--ref", "flux", "add", "-F", "-", a}, json_of(1) + std::string(kMaxNote, ' ') + "x");
  upstream_.git({"notes", "--ref", "flux", "add", "-m", json_of(2), b});
  const auto repository = upstream_.repository();
  const auto notes = read_notes(logging().with_timeout(std::chrono::minutes(1)), repository, "flux", {a, b});
  ASSERT_TRUE(notes) << notes.error().message;
  EXPECT_FALSE(notes->contains(a));
  EXPECT_EQ(notes->at(b).job_id, "job-2");
  EXPECT_THAT(witness_->lines(), ::testing::HasSubstr("revision=" + a));
}

TEST_F(NotesTest, NoMoreThanAFewAreHeldAtOnce) {
  std::vector<std::string> revisions;
  const auto blob = upstream_.git({"hash-object", "-w", "--stdin"}, json_of(1) + std::string(kMaxNote / 2, ' ') + "x");
  std::string lines;
  for (int i = 0; i < 200; ++i) {
    revisions.push_back(fmt::format("{:040x}", i));
    lines += "100644 blob " + blob + "\t" + revisions.back() + "\n";
  }
  const auto note = upstream_.git({"commit-tree", "-m", "notes", upstream_.git({"mktree"}, lines)});
  upstream_.git({"update-ref", "refs/notes/flux", note});
  const auto notes = read_notes(bounded(), upstream_.repository(), "flux", revisions);
  ASSERT_TRUE(notes) << notes.error().message;
  EXPECT_EQ(notes->size(), 127U);
  EXPECT_TRUE(notes->contains(revisions.front())) << "the newest first";
}

TEST_F(NotesTest, MissingRefHasNoNotes) {
  const auto a = upstream_.commit("x", "1");
  const auto repository = upstream_.repository();
  const auto notes = read_notes(bounded(), repository, "flux", {a, "nonsense", ""});
  ASSERT_TRUE(notes);
  EXPECT_TRUE(notes->empty());
}

}  // namespace notes_test
}  // namespace flux::git::testing
