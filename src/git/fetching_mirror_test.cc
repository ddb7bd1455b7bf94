#include "git/fetching_mirror.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "git/test_upstream.h"
#include "git/tree.h"

namespace flux::git::testing {
namespace fetching_mirror_test {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class MirrorTest : public GitTest {};

TEST_F(MirrorTest, UnconfiguredIsFinal) {
  FetchingMirror mirror(MirrorConfig{});
  mirror.start(logging());
  EXPECT_EQ(to_string(mirror.status().state), "unconfigured");
  const auto repository = mirror.repository();
  ASSERT_FALSE(repository);
  EXPECT_EQ(repository.error().message, "git repo does not have valid config");
  EXPECT_EQ(repository.error().kind, ErrorKind::user);
}

TEST_F(MirrorTest, IsNewUntilStarted) {
  FetchingMirror mirror(config());
  EXPECT_EQ(to_string(mirror.status().state), "new");
  EXPECT_EQ(mirror.status().message(), "git repo has not been cloned yet");
  EXPECT_EQ(mirror.repository().error().message, "git repo not ready: git repo has not been cloned yet");
  EXPECT_EQ(mirror.refresh(bounded()).error().message, "git repo not ready: git repo has not been cloned yet");
}

TEST_F(MirrorTest, GetsReadyAndServesTheUpstream) {
  const auto commit = upstream_.commit("a/b.yaml", "kind: X");
  FetchingMirror mirror(config());
  make_ready(mirror);
  EXPECT_TRUE(mirror.status().healthy());
  EXPECT_EQ(head(mirror), commit);
  const auto entries = list_tree(bounded(), **mirror.repository(), commit);
  ASSERT_TRUE(entries);
  EXPECT_EQ(entries->front().path, "a/b.yaml");
  EXPECT_TRUE(witness_->wait([&] { return witness_->refreshes() == 1; }));
}

TEST_F(MirrorTest, NotifyBringsWhatIsNew) {
  upstream_.commit("a", "1");
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto second = upstream_.commit("a", "2");
  mirror.notify();
  EXPECT_TRUE(witness_->wait([&] { return head(mirror) == second; }));
}

TEST_F(MirrorTest, PollsWithoutBeingAsked) {
  upstream_.commit("a", "1");
  auto quick = config();
  quick.poll_interval = std::chrono::milliseconds(10);
  FetchingMirror mirror(std::move(quick));
  make_ready(mirror);
  const auto second = upstream_.commit("a", "2");
  EXPECT_TRUE(witness_->wait([&] { return head(mirror) == second; }));
}

TEST_F(MirrorTest, RefreshReturnsWithTheLatestCommit) {
  upstream_.commit("a", "1");
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto second = upstream_.commit("a", "2");
  ASSERT_TRUE(mirror.refresh(bounded()));
  EXPECT_EQ(head(mirror), second);
}

TEST_F(MirrorTest, FollowsForcePushesAndPrunesWhatIsGone) {
  upstream_.commit("a", "1");
  upstream_.git({"branch", "doomed"});
  upstream_.git({"tag", "-a", "-m", "x", "doomed-tag"});
  upstream_.git({"notes", "--ref", "flux", "add", "-m", "{}"});
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto repository = *mirror.repository();
  EXPECT_TRUE(resolve_commit(bounded(), *repository, "refs/tags/doomed-tag"));
  EXPECT_TRUE(resolve_commit(bounded(), *repository, "refs/notes/flux"));

  upstream_.git({"commit", "--quiet", "--amend", "-m", "rewritten"});
  upstream_.git({"branch", "-D", "doomed"});
  upstream_.git({"tag", "-d", "doomed-tag"});
  ASSERT_TRUE(mirror.refresh(bounded()));
  EXPECT_EQ(head(mirror), upstream_.git({"rev-parse", "HEAD"}));
  EXPECT_EQ(head(mirror, "doomed"), "configured branch 'doomed' does not exist");
  EXPECT_FALSE(resolve_commit(bounded(), *repository, "refs/tags/doomed-tag"));
}

TEST_F(MirrorTest, MissingBranchKeepsItClonedUntilTheBranchAppears) {
  upstream_.commit("a", "1");
  auto other = config();
  other.branch = "production";
  FetchingMirror mirror(std::move(other));
  mirror.start(logging());
  const auto told = [&] { return mirror.status().message() == "configured branch 'production' does not exist"; };
  ASSERT_TRUE(witness_->wait(told));
  EXPECT_EQ(to_string(mirror.status().state), "cloned");
  EXPECT_EQ(mirror.repository().error().message, "git repo not ready: configured branch 'production' does not exist");
  upstream_.git({"branch", "production"});
  mirror.notify();
  EXPECT_TRUE(witness_->wait([&] { return mirror.status().healthy(); }));
}

TEST_F(MirrorTest, EmptyRepositoryWaitsForItsFirstCommit) {
  FetchingMirror mirror(config());
  mirror.start(logging());
  ASSERT_TRUE(
      witness_->wait([&] { return mirror.status().state == MirrorState::cloned && !witness_->lines().empty(); }));
  const auto commit = upstream_.commit("a", "1");
  ASSERT_TRUE(witness_->wait([&] { return mirror.status().healthy(); }));
  EXPECT_EQ(head(mirror), commit);
}

TEST_F(MirrorTest, BranchThatLooksLikeAnOptionIsRefused) {
  upstream_.commit("a", "1");
  auto odd = config();
  odd.branch = "--upload-pack=touch";
  FetchingMirror mirror(std::move(odd));
  mirror.start(logging());
  ASSERT_TRUE(wait_for_log());
  EXPECT_EQ(mirror.status().state, MirrorState::fresh);
  EXPECT_THAT(mirror.status().message(), HasSubstr("starts with '-'"));
}

TEST_F(MirrorTest, TheWriteCheckChangesNothingUpstream) {
  upstream_.commit("a", "1");
  const auto before = upstream_.git({"for-each-ref"});
  upstream_.set_hook("pre-receive", "touch " + (temp_.path() / "pushed").string());
  FetchingMirror mirror(config());
  make_ready(mirror);
  EXPECT_EQ(upstream_.git({"for-each-ref"}), before);
  EXPECT_FALSE(fs::exists(temp_.path() / "pushed"));
}

TEST_F(MirrorTest, WaitingForAnotherDoesNotEatTheTimeForTheWork) {
  upstream_.commit("a", "1");
  auto quick = config();
  quick.fetch_timeout = std::chrono::seconds(20);
  FetchingMirror mirror(std::move(quick));
  make_ready(mirror);
  const auto outer = bounded();
  ASSERT_TRUE(mirror.exclusively(outer, [&](const Bounded& bounded, const LocalRepository&) -> GitResult<void> {
    EXPECT_LT(*bounded.deadline(), *outer.deadline());
    const auto blocked = mirror.refresh(Context().with_timeout(std::chrono::milliseconds(20)));
    EXPECT_FALSE(blocked);
    EXPECT_THAT(blocked.error().message, StartsWith("waiting for another git operation to end: context deadline"));
    return {};
  }));
  EXPECT_TRUE(mirror.refresh(bounded()));
}

TEST_F(MirrorTest, DirectoryGoesWithTheLastReader) {
  upstream_.commit("a", "1");
  std::shared_ptr<const Repository> reader;
  {
    FetchingMirror mirror(config());
    make_ready(mirror);
    reader = *mirror.repository();
  }
  EXPECT_EQ(clones(), 1U);
  EXPECT_TRUE(list_tree(bounded(), *reader, "refs/heads/main"));
  reader.reset();
  EXPECT_EQ(clones(), 0U);
}

TEST_F(MirrorTest, FailedFetchKeepsServingAndRecovers) {
  const auto first = upstream_.commit("a", "1");
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto before = *mirror.repository();
  fs::rename(upstream_.dir(), temp_.path() / "away");
  mirror.notify();
  ASSERT_TRUE(witness_->wait([&] { return !mirror.status().healthy(); }));
  EXPECT_EQ(mirror.status().state, MirrorState::ready);
  EXPECT_THAT(mirror.status().message(), HasSubstr("does not appear to be a git repository"));
  EXPECT_EQ(head(mirror), first);

  fs::rename(temp_.path() / "away", upstream_.dir());
  ASSERT_TRUE(witness_->wait([&] { return mirror.status().healthy(); })) << "without being asked";
  const auto second = upstream_.commit("a", "2");
  mirror.notify();
  ASSERT_TRUE(witness_->wait([&] { return head(mirror) == second; }));
  EXPECT_EQ(*mirror.repository(), before) << "no second clone";
  EXPECT_EQ(clones(), 1U);
}

TEST_F(MirrorTest, UnknownHostOverSshIsUnreachable) {
  FetchingMirror mirror(config("ssh://git@no-such-host.invalid/x"));
  mirror.start(logging());
  ASSERT_TRUE(wait_for_log());
  EXPECT_EQ(to_string(mirror.status().state), "unreachable") << mirror.status().message();
}

TEST_F(MirrorTest, UnknownHostOverHttpStaysNewAsInFluxV1) {
  FetchingMirror mirror(config("http://no-such-host.invalid/x"));
  mirror.start(logging());
  ASSERT_TRUE(wait_for_log());
  EXPECT_EQ(to_string(mirror.status().state), "new") << mirror.status().message();
  EXPECT_THAT(witness_->lines(), HasSubstr("Check the host in the git URL"));
}

TEST_F(MirrorTest, ManyTalkersDoNotDisturbEachOther) {
  upstream_.commit("a", "1");
  FetchingMirror mirror(config());
  make_ready(mirror);
  const auto refresh = [&] {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(mirror.refresh(bounded()));
  };
  const auto read = [&] {
    for (int i = 0; i < 20; ++i) {
      mirror.notify();
      EXPECT_TRUE(list_tree(bounded(), **mirror.repository(), "refs/heads/main"));
      EXPECT_EQ(mirror.status().state, MirrorState::ready);
    }
  };
  const std::jthread a(refresh), b(refresh), c(read);
}

}  // namespace fetching_mirror_test
}  // namespace flux::git::testing
