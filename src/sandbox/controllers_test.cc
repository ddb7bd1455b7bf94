#include "sandbox/controllers.h"

#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "base/test_log.h"
#include "base/test_threads.h"

namespace flux::sandbox {
namespace controllers_test {

class ControllersTest : public ::testing::Test {
 protected:
  ControllersTest() : objects_(store_, kinds_), controllers_(store_, kinds_, objects_) { controllers_.populate(); }

  void put_deployment(const std::string& name, const Json& pod_template) {
    store_.put(
        {"deployments.apps", "default", name}, nullptr,
        {{"apiVersion", "apps/v1"},
         {"kind", "Deployment"},
         {"metadata", {{"name", name}, {"namespace", "default"}, {"uid", name}}},
         {"spec", {{"replicas", 1}, {"selector", {{"matchLabels", {{"a", "b"}}}}}, {"template", pod_template}}}});
  }

  Kinds kinds_;
  Store store_{[this](const Place& place, const Change& change) { controllers_.notice(place, change); }};
  Objects objects_;
  Controllers controllers_;
  const KeptLog kept_;
};

TEST_F(ControllersTest, WhatCannotBeDealtWithDoesNotHoldUpTheRest) {
  ASSERT_TRUE(controllers_.start(kept_.log()));
  put_deployment("bad", "not an object");
  EXPECT_TRUE(kept_.wait_for("doing what a cluster does by itself"));
  put_deployment("good",
                 Json::parse(R"({"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}})"));
  std::uint64_t version = 0;
  const auto changes = store_.changes(bounded(), "pods.", version, std::chrono::seconds(30));
  ASSERT_TRUE(changes);
  EXPECT_FALSE(changes->empty());
}

TEST_F(ControllersTest, NoThreadLeftIsAnError) {
  const NoMoreThreads none;
  EXPECT_FALSE(controllers_.start(kept_.log()));
}

}  // namespace controllers_test
}  // namespace flux::sandbox
