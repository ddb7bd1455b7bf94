#include "manifests/select.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "manifests/memory_files.h"

namespace flux::manifests {
namespace select_test {

using testing::ElementsAre;

/// Paths selected, as `path` or `path=content`; or the error.
std::vector<std::string> chosen(std::map<std::string, std::string> files, std::vector<std::string> paths) {
  MemoryFiles source(std::move(files));
  const auto tree = source.list(bounded()).value();
  LinkTargets links;
  for (const auto& link : links_of(tree)) links.emplace(link.path, link.blob.substr(3));
  const auto found = select(tree, links, paths);
  if (!found) return {found.error().message};
  std::vector<std::string> out;
  for (const auto& file : *found)
    out.push_back(file.path == file.content.path ? file.path : file.path + "=" + file.content.path);
  return out;
}

struct Row {
  const char* rule;
  std::map<std::string, std::string> files;
  std::vector<std::string> paths;
  std::vector<std::string> expected;
};

class Selecting : public testing::TestWithParam<Row> {};

TEST_P(Selecting, FollowsTheRule) {
  const auto& row = GetParam();
  EXPECT_EQ(chosen(row.files, row.paths), row.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Selecting,
    testing::Values(
        Row{"ByExactExtension",
            {{"a.yaml", ""}, {"b.yml", ""}, {"c.json", ""}, {"d.YAML", ""}, {"e.yaml.tmpl", ""}, {"x/.yaml", ""}},
            {},
            {"a.yaml", "b.yml", "x/.yaml"}},
        Row{"EmptyPathIsTheRoot", {{"a.yaml", ""}}, {""}, {"a.yaml"}},
        Row{"OnlyUnderThePaths", {{"a/x.yaml", ""}, {"ab/y.yaml", ""}, {"z.yaml", ""}}, {"./a//"}, {"a/x.yaml"}},
        Row{"AFileAsAPath", {{"a/x.yaml", ""}, {"a/y.yaml", ""}}, {"a/y.yaml"}, {"a/y.yaml"}},
        Row{"AFileAsAPathNeedsItsExtension", {{"a/x.txt", ""}}, {"a/x.txt"}, {}},
        Row{"OverlappingPathsOnce",
            {{"a/b/y.yaml", ""}, {"a/x.yaml", ""}},
            {"a/b", "a", "a/x.yaml"},
            {"a/b/y.yaml", "a/x.yaml"}},
        Row{"MissingPath", {{"a.yaml", ""}}, {"b"}, {R"(unable to read root path "b": no such file or directory)"}},
        Row{"LeadingSlash", {}, {"/a"}, {"subdirectory given as --git-path should not have leading forward slash"}},
        Row{"LeavingTheRepository",
            {{"a/x.yaml", ""}},
            {"a/../.."},
            {"a path given as --git-path must not contain .."}},
        Row{"DotDirectoriesButNotGit",
            {{".ci/a.yaml", ""}, {".git/x.yaml", ""}, {"s/.git/y.yaml", ""}, {".github/b.yml", ""}},
            {},
            {".ci/a.yaml", ".github/b.yml"}},
        Row{"NothingInCharts",
            {{"c/Chart.yaml", ""}, {"c/values.yaml", ""}, {"c/templates/t.yaml", ""}, {"d.yaml", ""}},
            {},
            {"d.yaml"}},
        Row{"NothingInChartsEvenWhenAskedFor",
            {{"c/Chart.yaml", ""}, {"c/values.yaml", ""}, {"c/templates/t.yaml", ""}},
            {"c/templates"},
            {}},
        Row{"ChartFileAloneIsNoChart", {{"c/Chart.yaml", ""}, {"c/t.yaml", ""}}, {}, {"c/Chart.yaml", "c/t.yaml"}},
        Row{"NothingWhenTheRootIsAChart", {{"Chart.yaml", ""}, {"values.yaml", ""}, {"a/t.yaml", ""}}, {}, {}},
        Row{"LinkToAFile", {{"a.yaml", "-> b/c.txt"}, {"b/c.txt", ""}}, {}, {"a.yaml=b/c.txt"}},
        Row{"LinkUpwards", {{"x/a.yaml", "-> ../b/c.yaml"}, {"b/c.yaml", ""}}, {"x"}, {"x/a.yaml=b/c.yaml"}},
        Row{"LinkedDirectoryAsAPath",
            {{"prod", "-> envs/prod"}, {"envs/prod/a.yaml", ""}},
            {"prod"},
            {"prod/a.yaml=envs/prod/a.yaml"}},
        Row{"PathThroughALink",
            {{"l", "-> envs"}, {"envs/prod/a.yaml", ""}},
            {"l/prod"},
            {"l/prod/a.yaml=envs/prod/a.yaml"}},
        Row{"LinkedDirectoriesBelowAreNotEntered", {{"l", "-> envs"}, {"envs/a.yaml", ""}}, {}, {"envs/a.yaml"}},
        Row{"LinkOutside",
            {{"a.yaml", "-> ../../etc/passwd"}},
            {},
            {R"(unable to read file at "a.yaml": the symbolic link leaves the repository)"}},
        Row{"AbsoluteLink",
            {{"a.yaml", "-> /etc/passwd"}},
            {},
            {R"(unable to read file at "a.yaml": the symbolic link leaves the repository)"}},
        Row{"DanglingLink",
            {{"a.yaml", "-> b.yaml"}},
            {},
            {R"(unable to read file at "a.yaml": the symbolic link dangles: no such file or directory)"}},
        Row{"LinksInACircle",
            {{"a.yaml", "-> b.yaml"}, {"b.yaml", "-> a.yaml"}},
            {},
            {R"(unable to read file at "a.yaml": too many levels of symbolic links)"}},
        Row{"ManifestNameThatLeadsToADirectory",
            {{"a.yaml", "-> d"}, {"d/x.txt", ""}},
            {},
            {R"(unable to read file at "a.yaml": is a directory)"}},
        Row{"BrokenLinksOfOtherNamesAreNobodysBusiness", {{"a.txt", "-> none"}, {"b.yaml", ""}}, {}, {"b.yaml"}},
        Row{"LinkFromOutsideIntoAChart",
            {{"a.yaml", "-> c/templates/t.yaml"},
             {"c/Chart.yaml", ""},
             {"c/values.yaml", ""},
             {"c/templates/t.yaml", ""}},
            {},
            {"a.yaml=c/templates/t.yaml"}}),
    [](const auto& row) { return row.param.rule; });

TEST(Overlaps, AreThePathsThatChooseNothingMore) {
  const struct {
    std::vector<std::string> paths;
    std::vector<std::string> overlaps;
  } kRows[] = {{{}, {}},
               {{"a", "ab", "b/c"}, {}},
               {{"apps", "apps/web"}, {"apps/web"}},
               {{"apps/web/", "apps"}, {"apps/web/"}},
               {{"a", "./a/", "b"}, {"./a/"}},
               {{"", "a"}, {"a"}}};
  for (const auto& row : kRows) EXPECT_EQ(overlaps_of(row.paths), row.overlaps);
}

}  // namespace select_test
}  // namespace flux::manifests
