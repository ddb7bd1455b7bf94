#include "api/wire/controller_status.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace flux::api {
namespace controller_status_test {

ControllerStatus cart() {
  ControllerStatus status{ResourceId("shop", "deployment", "cart")};
  status.containers.push_back({"cart", {ImageRef::parse("registry.example.com/shop/cart:1.4.1").value()}});
  status.status = "ready";
  status.rollout = {2, 2, 2, 2, 0, {}};
  status.labels.emplace()["app"] = "cart";
  status.policies = {{"automated", "true"}, {"tag.cart", "semver:~1.4"}};
  return status;
}

constexpr const char* kCart =
    R"([{"ID":"shop:deployment/cart",)"
    R"("Containers":[{"Name":"cart","Current":{"ID":"registry.example.com/shop/cart:1.4.1","Labels":{}},)"
    R"("LatestFiltered":{"ID":"","Labels":{}}}],)"
    R"("ReadOnly":"","Status":"ready",)"
    R"("Rollout":{"Desired":2,"Updated":2,"Ready":2,"Available":2,"Outdated":0,"Messages":null},)"
    R"("SyncError":"","Antecedent":"","Labels":{"app":"cart"},)"
    R"("Automated":true,"Locked":false,"Ignore":false,)"
    R"("Policies":{"automated":"true","tag.cart":"semver:~1.4"}}])";

std::string written(const std::vector<ControllerStatus>& list) { return encode_json(to_json(list)); }

TEST(ControllerStatusTest, IsByteForByteThatOfTheContract) {
  EXPECT_EQ(written({cart()}), kCart);
  EXPECT_EQ(*decode_json(kCart).and_then(controller_statuses_from_json), std::vector{cart()});
}

TEST(ControllerStatusTest, TellsNullFromEmpty) {
  EXPECT_EQ(written({}), "null");
  ControllerStatus empty{ResourceId("shop", "cronjob", "a")};
  EXPECT_EQ(written({empty}),
            R"([{"ID":"shop:cronjob/a","Containers":[],"ReadOnly":"","Status":"","Rollout":{"Desired":0,"Updated":0,)"
            R"("Ready":0,"Available":0,"Outdated":0,"Messages":null},"SyncError":"","Antecedent":"","Labels":null,)"
            R"("Automated":false,"Locked":false,"Ignore":false,"Policies":{}}])");
  empty.labels.emplace();
  EXPECT_NE(written({empty}).find(R"("Labels":{})"), std::string::npos);
  EXPECT_EQ(*controller_statuses_from_json(to_json(std::vector{empty})), std::vector{empty});
}

TEST(ControllerStatusTest, KeepsEveryField) {
  auto status = cart();
  status.read_only = read_only::kNotInRepo;
  status.sync_error = "no <luck>";
  status.antecedent = ResourceId("shop", "helmrelease", "all");
  status.rollout = {3, -1, 1, 0, 2, {"quota", "image"}};
  EXPECT_EQ(*controller_statuses_from_json(to_json(std::vector{status, cart()})), (std::vector{status, cart()}));
}

TEST(ControllerStatusTest, TakesOnlyTrueForAFlag) {
  ControllerStatus status;
  status.policies = {{"automated", "True"}, {"locked", "true"}, {"ignore", "sync_only"}};
  EXPECT_FALSE(status.automated());
  EXPECT_TRUE(status.locked());
  EXPECT_FALSE(status.ignored());
}

TEST(ControllerStatusTest, ReadsWhatOthersMayWrite) {
  const auto read =
      decode_json(R"([{"id":"a:deployment/b","Containers":null,"Rollout":{"Desired":99999999999,"Messages":[]},)"
                  R"("Labels":{},"Policies":null,"New":[1]},{}])")
          .and_then(controller_statuses_from_json);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ(read->front().rollout.desired, 2147483647);
  EXPECT_TRUE(read->front().labels);
  EXPECT_TRUE(read->back().id.empty());
  EXPECT_TRUE(controller_statuses_from_json(nullptr)->empty());
  for (const auto* text : {"{}", R"(["x"])", R"([{"ID":"x"}])", R"([{"Rollout":[]}])", R"([{"Rollout":{"Ready":"1"}}])",
                           R"([{"Containers":{}}])", R"([{"Policies":{"a":1}}])"})
    EXPECT_FALSE(decode_json(text).and_then(controller_statuses_from_json)) << text;
}

}  // namespace controller_status_test
}  // namespace flux::api
