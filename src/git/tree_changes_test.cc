#include "git/tree_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "git/test_upstream.h"

namespace flux::git::testing {
namespace tree_changes_test {

using ::testing::UnorderedElementsAre;

class TreeChangesTest : public GitTest {
 protected:
  std::vector<TreeChange> changes(const std::string& from, const std::string& to) {
    const auto repository = upstream_.repository();
    auto found = list_changes(bounded(), repository, from, to);
    EXPECT_TRUE(found) << found.error().message;
    if (!found) return {};
    for (auto& change : *found) {
      EXPECT_EQ(change.blob, change.removed ? "" : upstream_.git({"rev-parse", to + ":" + change.path}));
      change.blob.clear();
    }
    return *found;
  }
};

TEST_F(TreeChangesTest, TellsWhatWasAddedChangedAndRemoved) {
  for (const auto* path : {"same/a.yaml", "edited/deep/b.yaml", "edited/c.yaml", "gone/d.yaml", "README"})
    write_file(upstream_.dir() / path, path);
  const auto before = upstream_.commit("first", "1");
  write_file(upstream_.dir() / "edited/deep/b.yaml", "other");
  write_file(upstream_.dir() / "new/e.yaml", "e");
  upstream_.git({"rm", "--quiet", "gone/d.yaml"});
  const auto after = upstream_.commit("first", "2");
  EXPECT_THAT(changes(before, after), UnorderedElementsAre(TreeChange{"edited/deep/b.yaml"}, TreeChange{"new/e.yaml"},
                                                           TreeChange{"gone/d.yaml", true}, TreeChange{"first"}));
  EXPECT_TRUE(changes(after, after).empty());
}

TEST_F(TreeChangesTest, TellsOfModesLinksAndDirectoriesInThePlaceOfFiles) {
  write_file(upstream_.dir() / "run", "x");
  write_file(upstream_.dir() / "was-file", "x");
  write_file(upstream_.dir() / "was-directory/in", "x");
  const auto before = upstream_.commit("first", "1");
  fs::permissions(upstream_.dir() / "run", fs::perms::owner_all);
  fs::remove(upstream_.dir() / "was-file");
  write_file(upstream_.dir() / "was-file/in", "x");
  fs::remove_all(upstream_.dir() / "was-directory");
  fs::create_symlink("run", upstream_.dir() / "was-directory");
  upstream_.git({"add", "--all"});
  const auto after = upstream_.commit("first", "1b");
  EXPECT_THAT(changes(before, after),
              UnorderedElementsAre(TreeChange{"run"}, TreeChange{"was-file", true}, TreeChange{"was-file/in"},
                                   TreeChange{"was-directory", false, true}, TreeChange{"was-directory/in", true},
                                   TreeChange{"first"}));
}

TEST_F(TreeChangesTest, UnknownRevisionIsMissing) {
  const auto known = upstream_.commit("a", "one");
  const auto repository = upstream_.repository();
  const std::string unknown(40, '1');
  EXPECT_EQ(list_changes(bounded(), repository, unknown, known).error().kind, ErrorKind::missing);
  EXPECT_EQ(list_changes(bounded(), repository, known, unknown).error().kind, ErrorKind::missing);
}

}  // namespace tree_changes_test
}  // namespace flux::git::testing
