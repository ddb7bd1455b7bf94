#include "git/push_commit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "git/notes.h"
#include "git/test_upstream.h"

namespace flux::git::testing {
namespace push_commit_test {

using ::testing::HasSubstr;

const Identity kIdentity{"Weave Flux", "support@example.org", ""};

class PushCommitTest : public GitTest {
 protected:
  void SetUp() override {
    upstream_.git({"config", "receive.denyCurrentBranch", "ignore"});
    write_file(upstream_.dir() / "other.yaml", "other\n");
    write_file(upstream_.dir() / "run.sh", "#!/bin/sh\n");
    fs::permissions(upstream_.dir() / "run.sh", fs::perms::owner_all);
    parent_ = upstream_.commit("apps/it's \"quoted\" \\ é.yaml", "image: a:1\r\n# no end");
  }

  CommitRequest change(std::string bytes = "image: a:2\r\n# no end") {
    CommitRequest commit;
    commit.branch = "main";
    commit.parent = parent_;
    commit.files = {{kPath, std::move(bytes)}};
    commit.message = "Release a:2\n\nBecause.\n\n";
    commit.committer = kIdentity;
    return commit;
  }
  CommitRequest noted() {
    auto commit = change();
    commit.notes_ref = "refs/notes/flux";
    commit.note = R"({"jobID":"1","spec":{"type":"image"},"result":null})";
    return commit;
  }
  std::string told(const std::string& format, const std::string& revision = "main") {
    return upstream_.git({"log", "-1", "--format=" + format, revision});
  }
  static std::string in_copy(const Mirror& mirror, const std::vector<std::string>& args) {
    return Git().run(bounded(), dir_of(mirror), Access::local, args).value_or("git failed");
  }
  std::string note_of(const Mirror& mirror, const std::string& revision) {
    const auto notes = read_notes(bounded(), **mirror.repository(), "refs/notes/flux", {revision});
    auto json = notes && notes->contains(revision) ? notes->at(revision).json : std::string();
    if (json.ends_with('\n')) json.pop_back();
    return json;
  }

  const std::string kPath = "apps/it's \"quoted\" \\ é.yaml";
  std::string parent_;
};

TEST_F(PushCommitTest, ChangesNothingButTheBytesOfItsFiles) {
  FetchingMirror mirror(config());
  make_ready(mirror);
  auto commit = change();
  commit.files.push_back({"run.sh", "#!/bin/sh\ntrue\n"});
  const auto id = mirror.push_commit(bounded(), commit);
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_EQ(told("%H %P %an <%ae> %cn <%ce>%n%B"),
            *id + " " + parent_ +
                " Weave Flux <support@example.org> Weave Flux <support@example.org>\nRelease a:2\n\nBecause.");
  EXPECT_EQ(upstream_.git({"cat-file", "blob", "main:" + kPath}), "image: a:2\r\n# no end");
  EXPECT_THAT(upstream_.git({"diff", "--raw", "main^", "main"}),
              ::testing::AllOf(HasSubstr(":100644 100644"), HasSubstr(":100755 100755")));
  EXPECT_EQ(upstream_.git({"diff", "--name-only", "main^", "main", "--", "other.yaml"}), "");
  EXPECT_EQ(head(mirror), *id) << "without a fetch";
  EXPECT_EQ(in_copy(mirror, {"for-each-ref", "refs/flux"}), "");
}

TEST_F(PushCommitTest, NamesItsAuthor) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "Weave Flux <support@example.org>"},
      {"Ann Other <ann@example.org>", "Ann Other <ann@example.org>"},
      {"ann", "ann <support@example.org>"},
      {"<ann@example.org>", "ann@example.org <ann@example.org>"},
  };
  FetchingMirror mirror(config());
  make_ready(mirror);
  for (const auto& [author, wanted] : cases) {
    auto commit = change("image: " + author + "x\n");
    commit.author = author;
    const auto id = mirror.push_commit(bounded(), commit);
    ASSERT_TRUE(id) << author << ": " << id.error().message;
    EXPECT_EQ(told("%an <%ae>, %cn"), wanted + ", Weave Flux");
    parent_ = *id;
  }
}

TEST_F(PushCommitTest, BranchAndNoteArriveTogether) {
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto first = mirror.push_commit(bounded(), noted());
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(upstream_.git({"notes", "--ref=flux", "show", *first}), noted().note);
  EXPECT_EQ(note_of(mirror, *first), noted().note);
  parent_ = *first;
  auto next = noted();
  next.files[0].bytes = "image: a:3\n";
  const auto second = mirror.push_commit(bounded(), next);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(note_of(mirror, *first), noted().note) << "earlier notes stay";
}

TEST_F(PushCommitTest, SaysThatSomebodyElseHasPushed) {
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto theirs = upstream_.commit("theirs.yaml", "1");
  const auto late = mirror.push_commit(bounded(), noted());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().failure, GitFailure::not_fast_forward) << late.error().message;
  EXPECT_EQ(told("%H"), theirs);
  EXPECT_EQ(upstream_.git({"for-each-ref", "refs/notes"}), "") << "no note without its commit";
  ASSERT_TRUE(mirror.refresh(bounded()));
  parent_ = theirs;
  EXPECT_TRUE(mirror.push_commit(bounded(), noted()));
}

TEST_F(PushCommitTest, ANoteOfSomebodyElseKeepsTheCommitBack) {
  FetchingMirror mirror(config());
  make_ready(mirror);
  upstream_.git({"notes", "--ref=flux", "add", "-m", "theirs", parent_});
  const auto late = mirror.push_commit(bounded(), noted());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().failure, GitFailure::not_fast_forward) << late.error().message;
  EXPECT_EQ(told("%H"), parent_);
  ASSERT_TRUE(mirror.refresh(bounded()));
  const auto id = mirror.push_commit(bounded(), noted());
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_EQ(upstream_.git({"notes", "--ref=flux", "show", parent_}), "theirs");
  EXPECT_EQ(upstream_.git({"notes", "--ref=flux", "show", *id}), noted().note);
}

TEST_F(PushCommitTest, AServerThatCannotDoBothAtOnceGetsTheNoteFirst) {
  upstream_.git({"config", "receive.advertiseAtomic", "false"});
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto id = mirror.push_commit(bounded(), noted());
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_EQ(upstream_.git({"notes", "--ref=flux", "show", *id}), noted().note);

  parent_ = *id;
  upstream_.set_hook("update", "[ \"$1\" != refs/heads/main ] || { echo frozen >&2; exit 1; }");
  auto next = noted();
  next.files[0].bytes = "image: a:3\n";
  const auto refused = mirror.push_commit(bounded(), next);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("frozen"));
  EXPECT_EQ(upstream_.git({"notes", "--ref=flux", "list"}).find('\n'), std::string::npos) << "its note is gone again";
}

TEST_F(PushCommitTest, ARefusedPushChangesNothing) {
  FetchingMirror mirror(config());
  make_ready(mirror);
  upstream_.set_hook("pre-receive", "echo frozen >&2; exit 1");
  const auto refused = mirror.push_commit(bounded(), noted());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("frozen"));
  EXPECT_EQ(head(mirror), parent_);
  EXPECT_EQ(in_copy(mirror, {"for-each-ref", "refs/notes"}), "");
  upstream_.remove_hook("pre-receive");
  const auto again = mirror.push_commit(bounded(), noted());
  EXPECT_TRUE(again) << again.error().message;
}

TEST_F(PushCommitTest, RefusesWhatItMustNotChange) {
  fs::create_symlink("other.yaml", upstream_.dir() / "link.yaml");
  parent_ = upstream_.commit("x", "1");
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto why = [&](NewContent file) {
    auto commit = change();
    commit.files = {std::move(file)};
    const auto id = mirror.push_commit(bounded(), commit);
    EXPECT_TRUE(id || id.error().kind == ErrorKind::user);
    return id ? std::string() : id.error().message;
  };
  EXPECT_THAT(why({"link.yaml", "x"}), HasSubstr("link.yaml is a link"));
  EXPECT_THAT(why({"none.yaml", "x"}), HasSubstr("none.yaml is not a file of commit"));
  EXPECT_THAT(why({"apps", "x"}), HasSubstr("apps is not a file"));
  EXPECT_EQ(why({"other.yaml", "other\n"}), "no changes made in repo");
  EXPECT_EQ(told("%H"), parent_);
}

TEST_F(PushCommitTest, AReadOnlyMirrorPushesNothing) {
  auto read_only = config();
  read_only.read_only = true;
  FetchingMirror mirror(read_only);
  make_ready(mirror);
  const auto id = mirror.push_commit(bounded(), noted());
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().kind, ErrorKind::user);
  EXPECT_EQ(told("%H"), parent_);
}

}  // namespace push_commit_test
}  // namespace flux::git::testing
