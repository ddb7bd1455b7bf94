#include "daemon/events.h"

#include <gtest/gtest.h>

namespace flux::daemon {
namespace events_test {

git::Commit commit(std::string revision) {
  git::Commit made;
  made.revision = std::move(revision);
  return made;
}

TEST(SyncEvent, NamesRevisionsAndSortedIds) {
  EXPECT_EQ(to_string(SyncEvent{{commit("aaaaaaaaaa")}, {{"shop", "service", "b"}, {"shop", "deployment", "a"}}}),
            "Sync: aaaaaaa, shop:deployment/a, shop:service/b");
}

TEST(SyncEvent, NamesARangeFromThreeCommitsOn) {
  EXPECT_EQ(to_string(SyncEvent{{commit("cccccccc"), commit("bbbbbbbb")}, {}}), "Sync: ccccccc, no workloads changed");
  EXPECT_EQ(to_string(SyncEvent{{commit("cccccccc"), commit("bbbbbbbb"), commit("aaaaaaaa")}, {}}),
            "Sync: aaaaaaa..ccccccc, no workloads changed");
  EXPECT_EQ(to_string(SyncEvent{{}, {}}), "Sync: <no revision>, no workloads changed");
}

TEST(SyncEvent, NamesWhatWasDeletedAndCreatedAgain) {
  EXPECT_EQ(to_string(SyncEvent{{commit("aaaaaaaaaa")}, {{"shop", "job", "a"}}, {{"shop", "job", "a"}}}),
            "Sync: aaaaaaa, shop:job/a; deleted and created again: shop:job/a");
}

TEST(CommitEvent, NamesTheCommitAndWhatItUpdates) {
  EXPECT_EQ(to_string(CommitEvent{"aaaaaaaaaa", {{"shop", "deployment", "b"}, {"shop", "deployment", "a"}}}),
            "Commit: aaaaaaa, shop:deployment/a, shop:deployment/b");
  EXPECT_EQ(to_string(CommitEvent{"aaaaaaaaaa", {}}), "Commit: aaaaaaa, <no changes>");
}

}  // namespace events_test
}  // namespace flux::daemon
