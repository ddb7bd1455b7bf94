#include "git/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "git/test_upstream.h"

namespace flux::git::testing {
namespace log_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LogTest : public GitTest {
 protected:
  std::vector<std::string> revisions(const CommitQuery& query) {
    const auto repository = upstream_.repository();
    const auto commits = list_commits(bounded(), repository, query);
    EXPECT_TRUE(commits) << commits.error().message;
    std::vector<std::string> out;
    for (const auto& commit : *commits) out.push_back(commit.revision);
    return out;
  }
};

TEST_F(LogTest, RangeIsNewestFirstWithoutItsStart) {
  const auto a = upstream_.commit("x", "1", "first | odd\n\nbody");
  const auto b = upstream_.commit("x", "2", "second");
  const auto c = upstream_.commit("y", "3", "third");
  EXPECT_THAT(revisions({.from = a, .to = "refs/heads/main", .paths = {}}), ElementsAre(c, b));
  EXPECT_THAT(revisions({.from = {}, .to = c, .paths = {}}), ElementsAre(c, b, a));
  EXPECT_THAT(revisions({.from = c, .to = c, .paths = {}}), IsEmpty());

  const auto repository = upstream_.repository();
  const auto all = *list_commits(bounded(), repository, {.from = {}, .to = c, .paths = {}});
  EXPECT_EQ(all[2].message, "first | odd");
  EXPECT_THAT(all[2].parents, IsEmpty());
  EXPECT_THAT(all[1].parents, ElementsAre(a));
  EXPECT_EQ(all[1].signature, 'N');
}

TEST_F(LogTest, TellsTheEndsOfARangeAlone) {
  std::vector<std::string> made;
  for (int i = 0; i < 5; ++i) made.push_back(upstream_.commit("x", std::to_string(i)));
  const auto ends = [&](const std::string& from, const std::string& to) {
    return revisions({.from = from, .to = to, .paths = {}, .detail = CommitDetail::ends});
  };
  EXPECT_THAT(ends("", made[4]), ElementsAre(made[4], made[3], made[0]));
  EXPECT_THAT(ends("", made[2]), ElementsAre(made[2], made[1], made[0]));
  EXPECT_THAT(ends("", made[1]), ElementsAre(made[1], made[0]));
  EXPECT_THAT(ends(made[3], made[4]), ElementsAre(made[4]));
  EXPECT_THAT(ends(made[4], made[4]), IsEmpty());
  EXPECT_THAT(revisions({.from = {}, .to = made[3], .paths = {}, .detail = CommitDetail::revisions}),
              ElementsAre(made[3], made[2], made[1], made[0]));
  const auto stopped = list_commits(Context{}.with_timeout(Duration::zero()), upstream_.repository(),
                                    {.from = {}, .to = made[4], .paths = {}, .detail = CommitDetail::ends});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);
}

TEST_F(LogTest, PathsAreTakenLiterally) {
  const auto a = upstream_.commit("apps/x", "1");
  const auto b = upstream_.commit("infra/x", "2");
  const auto c = upstream_.commit("a*s/x", "3");
  EXPECT_THAT(revisions({.from = {}, .to = c, .paths = {"apps"}}), ElementsAre(a));
  EXPECT_THAT(revisions({.from = {}, .to = c, .paths = {"apps", "infra"}}), ElementsAre(b, a));
  EXPECT_THAT(revisions({.from = {}, .to = c, .paths = {"a*s"}}), ElementsAre(c));
  EXPECT_THAT(revisions({.from = {}, .to = c, .paths = {"nowhere"}}), IsEmpty());
}

TEST_F(LogTest, EmptySubjectsDoNotShiftFields) {
  const auto a = upstream_.commit("x", "1");
  upstream_.git({"commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", ""});
  const auto repository = upstream_.repository();
  const auto all = list_commits(bounded(), repository, {.from = {}, .to = "HEAD", .paths = {}});
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0].message, "");
  EXPECT_EQ((*all)[1].revision, a);
}

TEST_F(LogTest, FirstParentLeavesSideBranchesOut) {
  const auto a = upstream_.commit("x", "1");
  upstream_.git({"checkout", "--quiet", "-b", "side"});
  const auto s = upstream_.commit("s", "1");
  upstream_.git({"checkout", "--quiet", "main"});
  const auto b = upstream_.commit("x", "2");
  upstream_.git({"merge", "--quiet", "--no-ff", "-m", "merge", "side"});
  const auto m = upstream_.git({"rev-parse", "HEAD"});
  EXPECT_THAT(revisions({.from = a, .to = m, .paths = {}, .first_parent = true}), ElementsAre(m, b));
  EXPECT_THAT(revisions({.from = a, .to = m, .paths = {}}), ::testing::UnorderedElementsAre(m, b, s));
}

TEST_F(LogTest, UnknownRevisionsAreMissing) {
  const auto a = upstream_.commit("x", "1");
  const auto repository = upstream_.repository();
  const auto unknown = list_commits(bounded(), repository, {.from = "refs/tags/nope", .to = a, .paths = {}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::missing);
  EXPECT_EQ(is_ancestor(bounded(), repository, a, "--all").error().kind, ErrorKind::missing);
}

TEST_F(LogTest, Ancestry) {
  const auto a = upstream_.commit("x", "1");
  const auto b = upstream_.commit("x", "2");
  upstream_.git({"checkout", "--quiet", "--orphan", "other"});
  const auto o = upstream_.commit("x", "3");
  const auto repository = upstream_.repository();
  EXPECT_TRUE(*is_ancestor(bounded(), repository, a, b));
  EXPECT_TRUE(*is_ancestor(bounded(), repository, a, a));
  EXPECT_FALSE(*is_ancestor(bounded(), repository, b, a));
  EXPECT_FALSE(*is_ancestor(bounded(), repository, o, b));
}

}  // namespace log_test
}  // namespace flux::git::testing
