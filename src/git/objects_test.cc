#include "git/objects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "git/test_upstream.h"

namespace flux::git::testing {
namespace objects_test {

using ::testing::HasSubstr;

class ObjectsTest : public GitTest {};

TEST_F(ObjectsTest, ReadsInOrderAndLeavesGapsForWhatIsMissing) {
  const auto commit = upstream_.commit("a", "one");
  Objects objects(Git(), upstream_.dir());
  const auto read = objects.read(
      bounded(), {commit, "no such", "HEAD:a", "", "with\nbreak", std::string("nul\0", 4), "refs/heads/main^{tree}"});
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 7U);
  EXPECT_EQ((*read)[0]->id, commit);
  EXPECT_EQ((*read)[0]->type, "commit");
  EXPECT_FALSE((*read)[1]);
  EXPECT_EQ((*read)[2]->bytes, "one");
  EXPECT_FALSE((*read)[3]);
  EXPECT_FALSE((*read)[4]);
  EXPECT_FALSE((*read)[5]);
  EXPECT_EQ((*read)[6]->type, "tree");
}

TEST_F(ObjectsTest, BytesComeBackUnchanged) {
  std::string odd(300'000, '\0');
  for (std::size_t i = 0; i < odd.size(); ++i) odd[i] = static_cast<char>(i * 31 + i / 7);
  upstream_.commit("odd", odd);
  upstream_.commit("empty", "");
  Objects objects(Git(), upstream_.dir());
  const auto read = objects.read(bounded(), {"HEAD:odd", "HEAD:empty", "HEAD:odd"});
  ASSERT_TRUE(read);
  EXPECT_EQ((*read)[0]->bytes, odd);
  EXPECT_EQ((*read)[1]->bytes, "");
  EXPECT_EQ((*read)[2]->bytes, odd);
}

TEST_F(ObjectsTest, TellsSizesWithoutReading) {
  const auto commit = upstream_.commit("a", "one");
  Objects objects(Git(), upstream_.dir());
  const auto infos = objects.describe(bounded(), {commit, "no such", "HEAD:a", "with\nbreak"});
  ASSERT_TRUE(infos) << infos.error().message;
  EXPECT_EQ((*infos)[0]->id, commit);
  EXPECT_EQ((*infos)[0]->type, "commit");
  EXPECT_FALSE((*infos)[1]);
  EXPECT_EQ((*infos)[2]->size, 3U);
  EXPECT_FALSE((*infos)[3]);
}

TEST_F(ObjectsTest, WhatIsTooLargeIsRefusedAndTheNextIsRead) {
  upstream_.commit("huge", std::string(kMaxObject + 1, 'x'));
  upstream_.commit("a", "one");
  Objects objects(Git(), upstream_.dir());
  EXPECT_EQ((*objects.describe(bounded(), {"HEAD:huge"}))[0]->size, kMaxObject + 1);
  const auto refused = objects.read(bounded(), {"HEAD:a", "HEAD:huge"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::user);
  EXPECT_THAT(refused.error().message, HasSubstr(std::to_string(kMaxObject + 1) + " bytes"));
  EXPECT_EQ(objects.read(bounded(), {"HEAD:a"})->front()->bytes, "one");
}

TEST_F(ObjectsTest, ManyMoreThanOneChunk) {
  upstream_.commit("a", std::string(200, 'x'));
  Objects objects(Git(), upstream_.dir());
  const auto read = objects.read(bounded(), std::vector<std::string>(2'500, "HEAD:a"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size(), 2'500U);
  EXPECT_EQ(read->back()->bytes.size(), 200U);
}

TEST_F(ObjectsTest, SeesCommitsMadeAfterItStarted) {
  upstream_.commit("a", "one");
  Objects objects(Git(), upstream_.dir());
  ASSERT_TRUE(objects.describe(bounded(), {"refs/heads/main"}));
  const auto second = upstream_.commit("a", "two");
  upstream_.git({"gc", "--quiet"});
  const auto infos = objects.describe(bounded(), {"refs/heads/main"});
  ASSERT_TRUE(infos);
  EXPECT_EQ(infos->front()->id, second);
  EXPECT_EQ(objects.read(bounded(), {"HEAD:a"})->front()->bytes, "two");
}

TEST_F(ObjectsTest, StartsAgainAfterTheChildWasKilled) {
  upstream_.commit("a", "one");
  Objects objects(Git(), upstream_.dir());
  ASSERT_TRUE(objects.read(bounded(), {"HEAD:a"}));
  const auto pids = reader_pids();
  ASSERT_EQ(pids.size(), 1U);
  ::kill(pids.front(), SIGKILL);
  const auto read = objects.read(bounded(), {"HEAD:a"});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->front()->bytes, "one");
}

TEST_F(ObjectsTest, CancelledReadDoesNotConfuseTheNext) {
  upstream_.commit("a", "one");
  Objects objects(Git(), upstream_.dir());
  ASSERT_TRUE(objects.read(bounded(), {"HEAD:a"}));
  const auto late = objects.read(Context().with_timeout(Duration::zero()), {"HEAD"});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(objects.read(bounded(), {"HEAD:a"})->front()->bytes, "one");
}

TEST_F(ObjectsTest, DirectoryWithoutRepositoryIsAnError) {
  Objects objects(Git(), temp_.path());
  const auto read = objects.read(bounded(), {"HEAD"});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::server);
  EXPECT_THAT(read.error().message, HasSubstr("reading git objects"));
}

}  // namespace objects_test
}  // namespace flux::git::testing
