#include "daemon/invalid_filters.h"

#include <gmock/gmock.h>

#include <sstream>

#include "base/test_log.h"

namespace flux::daemon {
namespace invalid_filters_test {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::shared_ptr<Manifest> manifest(Policies policies, const std::string& annotations = "{}") {
  auto made = std::make_shared<Manifest>();
  made->type = {"apps/v1", "Deployment"};
  made->name = "web";
  made->metadata = R"({"name":"web","annotations":)" + annotations + "}";
  for (const auto& [name, value] : policies) made->checksum += name + value;
  made->policies = std::move(policies);
  made->source.path = "shop/web.yaml";
  return made;
}

TEST(InvalidFiltersTest, AreThoseThatDoNotParse) {
  struct Row {
    const char* filter;
    bool valid;
  };
  for (const auto& row : {Row{"semver:~3.", false}, Row{"regexp:^(?!1)", false}, Row{"regex:(", false},
                          Row{"semver:~3", true}, Row{"glob:[", true}, Row{"", true}, Row{"regexp:^v", true}}) {
    const auto found = invalid_filters(*manifest({{"tag.web", row.filter}, {"automated", "true"}, {"tagged", "("}}));
    EXPECT_EQ(found.empty(), row.valid) << row.filter;
    EXPECT_EQ(filter_problem({{"tag.web", row.filter}}, "web").empty(), row.valid) << row.filter;
  }
}

TEST(InvalidFiltersTest, NameTheAnnotationAsItIsWritten) {
  struct Row {
    const char* annotations;
    const char* named;
  };
  for (const auto& row :
       {Row{R"({"fluxcd.io/tag.web":"semver:~3."})", "fluxcd.io/tag.web"},
        Row{R"({"flux.weave.works/tag.web":"semver:~3."})", "flux.weave.works/tag.web"},
        Row{R"({"filter.fluxcd.io/web":"semver:~3."})", "filter.fluxcd.io/web"},
        Row{R"({"filter.fluxcd.io/web":"glob:*","fluxcd.io/tag.web":"semver:~3."})", "fluxcd.io/tag.web"},
        Row{"null", "fluxcd.io/tag.web"}}) {
    const auto found = invalid_filters(*manifest({{"tag.web", "semver:~3."}}, row.annotations));
    ASSERT_THAT(found, SizeIs(1)) << row.annotations;
    EXPECT_EQ(found[0].annotation, row.named);
    EXPECT_EQ(found[0].container, "web");
    EXPECT_EQ(found[0].filter, "semver:~3.");
  }
}

TEST(InvalidFiltersTest, SayWithWhatEffect) {
  EXPECT_THAT(filter_problem({{"tag.web", "semver:~3."}}, "web"),
              testing::StartsWith("its filter semver:~3. is not valid and lets nothing through: "));
  EXPECT_EQ(filter_problem({{"tag.web", "semver:~3."}}, "other"), "");
}

/// What git says from revision to revision.
class FollowTest : public testing::Test {
 protected:
  void say(const char* name, Policies policies) {
    git_.set(ResourceId("shop", "deployment", name), sync::Desired(manifest(std::move(policies)), "shop"));
  }
  std::vector<std::string> follow() {
    const KeptLog log;
    filters_.follow(git_, log.log());
    std::vector<std::string> lines;
    std::istringstream text(log.text());
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }

  sync::DesiredSet git_;
  InvalidFilters filters_;
};

TEST_F(FollowTest, TellsEachOnceAChange) {
  say("web", {{"tag.web", "semver:~3."}, {"tag.proxy", "regexp:("}});
  say("good", {{"tag.web", "semver:~3"}});
  EXPECT_THAT(follow(), ElementsAre(HasSubstr("container=proxy"),
                                    AllOf(HasSubstr("resource=shop:deployment/web"), HasSubstr("shop/web.yaml"),
                                          HasSubstr("container=web"), HasSubstr("annotation=fluxcd.io/tag.web"),
                                          HasSubstr("filter=semver:~3."))));
  EXPECT_EQ(filters_.count(), 2);
  EXPECT_THAT(follow(), IsEmpty());

  say("web", {{"tag.web", "semver:~3."}, {"tag.proxy", "regexp:("}, {"automated", "true"}});
  EXPECT_THAT(follow(), IsEmpty()) << "the filters are the same";

  say("web", {{"tag.web", "semver:~4."}, {"tag.proxy", "regexp:x"}});
  EXPECT_THAT(follow(), ElementsAre(HasSubstr("filter=semver:~4.")));
  EXPECT_EQ(filters_.count(), 1);

  git_.erase(ResourceId("shop", "deployment", "web"));
  EXPECT_THAT(follow(), IsEmpty());
  EXPECT_EQ(filters_.count(), 0);

  say("web", {{"tag.web", "semver:~4."}});
  EXPECT_THAT(follow(), SizeIs(1)) << "it was gone meanwhile";
}

}  // namespace invalid_filters_test
}  // namespace flux::daemon
