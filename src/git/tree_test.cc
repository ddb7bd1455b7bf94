#include "git/tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "git/test_upstream.h"
#include "git/tree_object.h"

namespace flux::git::testing {
namespace tree_test {

using ::testing::ElementsAre;

class TreeTest : public GitTest {
 protected:
  static std::vector<std::string> paths(const std::vector<TreeEntry>& entries) {
    std::vector<std::string> out;
    for (const auto& entry : entries) out.push_back(entry.path);
    return out;
  }
};

TEST_F(TreeTest, ListsAllFilesAsGitDoes) {
  for (const auto* path : {"a/b/c.yaml", "a.yaml", "a-b/x", "z", "a/0", "\xC3\xBC/with blank", "deep/1/2/3/4/5/6"})
    write_file(upstream_.dir() / path, path);
  const auto commit = upstream_.commit("last", "last");
  const auto repository = upstream_.repository();
  const auto entries = list_tree(bounded(), repository, commit);
  ASSERT_TRUE(entries) << entries.error().message;
  std::string listing;
  for (const auto& path : paths(*entries)) listing += path + '\n';
  EXPECT_EQ(listing, upstream_.git({"ls-tree", "-r", "--name-only", "HEAD"}) + "\n");
}

TEST_F(TreeTest, TellsModesAndSkipsSubmodules) {
  write_file(upstream_.dir() / "run.sh", "#!/bin/sh\n");
  fs::permissions(upstream_.dir() / "run.sh", fs::perms::owner_all);
  fs::create_symlink("run.sh", upstream_.dir() / "link");
  const auto first = upstream_.commit("file", "x");
  upstream_.git({"update-index", "--add", "--cacheinfo", "160000," + first + ",module"});
  upstream_.git({"commit", "--quiet", "-m", "module"});
  const auto repository = upstream_.repository();
  const auto entries = list_tree(bounded(), repository, "refs/heads/main");
  ASSERT_TRUE(entries);
  ASSERT_THAT(paths(*entries), ElementsAre("file", "link", "run.sh"));
  EXPECT_EQ((*entries)[0].mode, 0100644U);
  EXPECT_TRUE((*entries)[1].is_symlink());
  EXPECT_EQ((*entries)[2].mode, 0100755U);
  const auto blobs = read_blobs(bounded(), repository, {(*entries)[1].blob, (*entries)[0].blob});
  ASSERT_TRUE(blobs);
  EXPECT_THAT(*blobs, ElementsAre("run.sh", "x"));
}

TEST_F(TreeTest, OldRevisionKeepsItsFiles) {
  const auto first = upstream_.commit("a", "one");
  upstream_.git({"rm", "--quiet", "a"});
  upstream_.commit("b", "two");
  const auto repository = upstream_.repository();
  EXPECT_THAT(paths(*list_tree(bounded(), repository, first)), ElementsAre("a"));
  EXPECT_THAT(paths(*list_tree(bounded(), repository, "HEAD")), ElementsAre("b"));
}

TEST_F(TreeTest, UnknownRevisionIsMissing) {
  upstream_.commit("a", "one");
  const auto repository = upstream_.repository();
  for (const auto* revision : {"0123456789012345678901234567890123456789", "refs/heads/nope", "-x", ""}) {
    const auto entries = list_tree(bounded(), repository, revision);
    ASSERT_FALSE(entries) << revision;
    EXPECT_EQ(entries.error().kind, ErrorKind::missing);
  }
}

TEST_F(TreeTest, LostObjectIsAnErrorAndNotAShortList) {
  upstream_.commit("dir/a", "one");
  const auto tree = upstream_.git({"rev-parse", "HEAD:dir"});
  const auto blob = upstream_.git({"rev-parse", "HEAD:dir/a"});
  fs::remove(upstream_.dir() / ".git/objects" / tree.substr(0, 2) / tree.substr(2));
  fs::remove(upstream_.dir() / ".git/objects" / blob.substr(0, 2) / blob.substr(2));
  const auto repository = upstream_.repository();
  const auto entries = list_tree(bounded(), repository, "HEAD");
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().kind, ErrorKind::server);
  const auto blobs = read_blobs(bounded(), repository, {blob});
  ASSERT_FALSE(blobs);
  EXPECT_EQ(blobs.error().kind, ErrorKind::server);
}

TEST(TreeObject, RefusesWhatIsNoTree) {
  const std::string id(20, '\x01');
  const auto line = [&](std::string_view mode, std::string_view name) {
    return std::string(mode) + " " + std::string(name) + std::string(1, '\0') + id;
  };
  ASSERT_TRUE(parse_tree(line("100644", "a") + line("40000", "b"), 20));
  EXPECT_TRUE(parse_tree("", 20)->empty());
  for (const auto& bytes :
       {line("100644", ".."), line("100644", "."), line("100644", "a/b"), line("100644", ""), line("10x644", "a"),
        line("", "a"), line("100644", "a").substr(0, 15), std::string("100644 a"), std::string("rubbish")})
    EXPECT_FALSE(parse_tree(bytes, 20)) << bytes;
}

}  // namespace tree_test
}  // namespace flux::git::testing
