// Repositories whose ids are SHA-256.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "git/fetching_mirror.h"
#include "git/log.h"
#include "git/marker.h"
#include "git/notes.h"
#include "git/test_upstream.h"
#include "git/tree.h"
#include "git/tree_changes.h"

namespace flux::git::testing {
namespace sha256_test {

using ::testing::SizeIs;

const Identity kIdentity{"Weave Flux", "support@example.org", ""};

class Sha256Test : public GitTest {
 protected:
  Sha256Test() : repository_(temp_.path() / "sha256", "sha256") {}
  Upstream repository_;
};

TEST_F(Sha256Test, EverythingThatIsReadAndWrittenWorks) {
  const auto first = repository_.commit("dir/a.yaml", "1");
  ASSERT_THAT(first, SizeIs(64));
  repository_.git({"notes", "--ref", "flux", "add", "-m", R"({"jobID":"j","spec":{"type":"auto"}})", first});
  FetchingMirror mirror(config(repository_.url()));
  make_ready(mirror);
  ASSERT_TRUE(write_marker(bounded(), mirror, "flux-sync", first, kIdentity));
  EXPECT_EQ(repository_.git({"rev-parse", "flux-sync^{commit}"}), first);

  const auto second = repository_.commit("dir/b.yaml", "2");
  ASSERT_TRUE(mirror.refresh(bounded()));
  const auto held = *mirror.repository();
  EXPECT_EQ(*branch_head(bounded(), *held, "main"), second);
  EXPECT_EQ(*read_marker(bounded(), *held, "flux-sync", false), first);
  EXPECT_EQ(read_notes(bounded(), *held, "flux", {first, second})->at(first).job_id, "j");
  EXPECT_THAT(*list_commits(bounded(), *held, {.from = first, .to = second, .paths = {}}), SizeIs(1));
  EXPECT_TRUE(*is_ancestor(bounded(), *held, first, second));
  const auto files = list_tree(bounded(), *held, second).value();
  ASSERT_THAT(files, SizeIs(2));
  EXPECT_EQ(read_blobs(bounded(), *held, {files[1].blob}).value(), std::vector<std::string>{"2"});
  const TreeChange added{.path = "dir/b.yaml", .blob = files[1].blob};
  EXPECT_THAT(list_changes(bounded(), *held, first, second).value(), ::testing::ElementsAre(added));
  EXPECT_EQ(witness_->lines(), "");
}

TEST_F(Sha256Test, ARepositoryMadeAnewInAnotherFormatIsFollowed) {
  upstream_.commit("a", "1");
  FetchingMirror mirror(config());
  make_ready(mirror);
  fs::rename(upstream_.dir(), temp_.path() / "old");
  const Upstream other(upstream_.dir(), "sha256");
  const auto commit = other.commit("a", "2");
  mirror.notify();
  const auto head = [&] { return branch_head(bounded(), **mirror.repository(), "main").value_or(""); };
  EXPECT_TRUE(witness_->wait([&] { return mirror.status().healthy() && head() == commit; }));
}

TEST_F(Sha256Test, AnEmptyRepositoryWaitsForItsFirstCommit) {
  FetchingMirror mirror(config(repository_.url()));
  mirror.start(logging());
  ASSERT_TRUE(witness_->wait([&] { return mirror.status().message().starts_with("configured branch"); }));
  repository_.commit("a", "1");
  EXPECT_TRUE(witness_->wait([&] { return mirror.status().healthy(); }));
}

}  // namespace sha256_test
}  // namespace flux::git::testing
