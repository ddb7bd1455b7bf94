#include "daemon/listing/images.h"

#include <gmock/gmock.h>

namespace flux::daemon {
namespace images_test {

using testing::ElementsAre;

cluster::LiveWorkload cart() {
  cluster::LiveWorkload workload;
  workload.type = {"apps/v1", "Deployment"};
  workload.id = ResourceId("shop", "deployment", "cart");
  workload.containers = {{"cart", "cart:1.4.1"}, {"proxy", "registry.example.com/proxy:2"}};
  return workload;
}

sync::DesiredSet in_git(Policies policies) {
  auto manifest = std::make_shared<Manifest>();
  manifest->type = {"apps/v1", "Deployment"};
  manifest->name = "cart";
  manifest->policies = std::move(policies);
  sync::DesiredSet set;
  set.set(ResourceId("shop", "deployment", "cart"), sync::Desired(manifest, "shop"));
  return set;
}

images::Repository repository(const std::vector<std::pair<std::string, std::string>>& tags) {
  images::Repository out;
  for (const auto& [tag, created] : tags) {
    out.tags.push_back(tag);
    ImageInfo info;
    info.id = {"index.docker.io", "library/cart", tag, {}};
    info.created_at = parse_timestamp(created);
    out.images[tag] = info;
  }
  return out;
}

std::vector<std::string> ids(const std::vector<ImageInfo>& infos) {
  std::vector<std::string> out;
  for (const auto& info : infos) out.push_back(info.id.to_string());
  return out;
}

TEST(ImageStatuses, ListWhatIsKnownUnderTheNameThatRuns) {
  const auto git = in_git({{"tag.cart", "semver:~1.4"}});
  std::vector<std::string> asked;
  const auto known = [&](const std::string& name) -> std::optional<images::Repository> {
    asked.push_back(name);
    if (name != "index.docker.io/library/cart") return std::nullopt;
    return repository(
        {{"1.4.1", "2021-03-01T09:00:00Z"}, {"1.4.2", "2021-03-08T09:00:00Z"}, {"2.0.0", "2021-03-09T09:00:00Z"}});
  };
  const auto list = image_statuses({cart()}, {&git, "", false}, known, {});
  EXPECT_THAT(asked, ElementsAre("index.docker.io/library/cart", "registry.example.com/proxy"));
  ASSERT_EQ(list.size(), 1U);
  ASSERT_EQ(list[0].containers.size(), 2U);
  const auto& container = list[0].containers[0];
  EXPECT_EQ(container.current.id.to_string(), "cart:1.4.1");
  EXPECT_EQ(container.latest_filtered.id.to_string(), "cart:1.4.2");
  EXPECT_THAT(ids(container.available), ElementsAre("cart:2.0.0", "cart:1.4.2", "cart:1.4.1"));
  EXPECT_EQ(container.available_count, 3);
  EXPECT_EQ(container.filtered_count, 2);
  EXPECT_EQ(container.new_filtered_count, 1);
  // Of what is not scanned, the container is all that is known.
  EXPECT_EQ(list[0].containers[1].name, "proxy");
  EXPECT_EQ(list[0].containers[1].current, ImageInfo());
  EXPECT_TRUE(list[0].containers[1].available.empty());
}

TEST(ImageStatuses, SayOnRequestWhichTagsAreNoImageAndWhy) {
  const auto known = [](const std::string&) {
    auto found = repository({{"1", "2021-01-01T00:00:00Z"}});
    found.tags.emplace_back("chart");
    found.excluded["chart"] = "not an image: chart";
    return std::optional(found);
  };
  const auto asked_for = image_statuses({cart()}, {}, known, {.all_tags = true})[0].containers[0];
  EXPECT_THAT(ids(asked_for.available), ElementsAre("cart:1", ":chart"));
  EXPECT_EQ(asked_for.excluded, (std::map<std::string, std::string>{{"chart", "not an image: chart"}}));
  EXPECT_EQ(asked_for.latest_filtered.id.tag, "1");
  const auto not_asked_for = image_statuses({cart()}, {}, known, {})[0].containers[0];
  EXPECT_THAT(ids(not_asked_for.available), ElementsAre("cart:1"));
  EXPECT_TRUE(not_asked_for.excluded.empty());
}

TEST(ImageStatuses, TakeTimesFromLabelsWhereThatIsAskedFor) {
  const auto known = [](const std::string&) {
    auto found = repository({{"a", "2021-01-01T00:00:00Z"}, {"b", "2020-01-01T00:00:00Z"}});
    found.images["b"].image_created = parse_timestamp("2022-01-01T00:00:00Z");
    return std::optional(found);
  };
  EXPECT_EQ(image_statuses({cart()}, {}, known, {})[0].containers[0].latest_filtered.id.tag, "a");
  EXPECT_EQ(image_statuses({cart()}, {}, known, {.use_labels = {"index.docker.io/*"}})[0]
                .containers[0]
                .latest_filtered.id.tag,
            "b");
}

}  // namespace images_test
}  // namespace flux::daemon
