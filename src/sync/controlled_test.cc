#include "sync/controlled.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/test_bounded.h"
#include "cluster/scripted_transport.h"
#include "cluster/testing/memory_api.h"

namespace flux::sync {
namespace controlled_test {

using cluster::testing::MemoryApi;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const cluster::Resource kPods{{"v1", "Pod"}, "pods", true, true, true, true, true};

std::shared_ptr<Manifest> manifest_of(const ApiType& type, const std::string& name, const std::string& rest,
                                      const std::string& metadata = "{}") {
  auto manifest = std::make_shared<Manifest>();
  manifest->type = type;
  manifest->name = name;
  manifest->metadata = metadata;
  manifest->rest = rest;
  return manifest;
}

TEST(IsControllers, KnowsTheSlicesOfKubernetesOwnControllers) {
  const ApiType type{"discovery.k8s.io/v1", "EndpointSlice"};
  const struct {
    ApiType type;
    const char* manager;
    bool expected;
  } cases[] = {{type, "endpointslice-controller.k8s.io", true},
               {type, "endpointslicemirroring-controller.k8s.io", true},
               {type, "staff", false},
               {{"example.org/v1", "EndpointSlice"}, "endpointslice-controller.k8s.io", false}};
  for (const auto& [of, manager, expected] : cases) {
    const auto metadata = std::string(R"({"labels":{"endpointslice.kubernetes.io/managed-by":")") + manager + "\"}}";
    const Desired slice(manifest_of(of, "web-1", "{}", metadata), "shop");
    EXPECT_EQ(is_controllers(slice.manifest->id_in("shop"), slice, {}), expected) << manager;
  }
  const Desired plain(manifest_of(type, "web-1", "{}"), "shop");
  EXPECT_FALSE(is_controllers(plain.manifest->id_in("shop"), plain, {}));
}

TEST(IsRunOnce, IsAPodThatDoesNotRestart) {
  const auto with = [](const ApiType& type, const std::string& policy) {
    return is_run_once(*manifest_of(type, "p", R"({"spec":{"restartPolicy":")" + policy + "\"}}"));
  };
  EXPECT_TRUE(with(kPods.type, "Never"));
  EXPECT_TRUE(with(kPods.type, "OnFailure"));
  EXPECT_FALSE(with(kPods.type, "Always"));
  EXPECT_FALSE(with({"example.org/v1", "Pod"}, "Never"));
  EXPECT_FALSE(is_run_once(*manifest_of(kPods.type, "p", R"({"spec":{}})")));
}

TEST(FindEnded, AsksForThePodsThatMayHaveEnded) {
  const auto api = std::make_shared<MemoryApi>(std::vector{kPods});
  const auto client = cluster::scripted_client(api);
  const cluster::Catalog catalog({kPods}, {}, {});
  DesiredSet desired;
  AppliedSet applied;
  LiveSet live;
  const auto add = [&](const std::string& name, const std::string& policy, const std::string& phase) {
    const auto path = "/api/v1/namespaces/shop/pods/" + name;
    api->put(path, {{"status", {{"phase", phase}}}});
    const Desired pod(manifest_of(kPods.type, name, R"({"spec":{"restartPolicy":")" + policy + "\"}}"), "shop");
    const auto id = pod.manifest->id_in("shop");
    desired.set(id, pod);
    applied.set(id, {pod.manifest, (*api->object(path))["metadata"]["uid"].get<std::string>()});
    auto object = std::make_shared<cluster::Object>();
    object->type = kPods.type;
    object->id = id;
    live.set(id, {object});
    return id;
  };
  const auto done = add("done", "Never", "Succeeded");
  const auto failed = add("failed", "OnFailure", "Failed");
  add("running", "Never", "Running");
  add("server", "Always", "Failed");
  const auto known = add("known", "Never", "Succeeded");
  applied.set(known, {nullptr, "uid", 0, /*ended=*/true});
  const auto another = add("another", "Never", "Succeeded");
  applied.set(another, {nullptr, "uid of the one before"});
  api->forget_requests();
  EXPECT_THAT(find_ended(bounded(), *client, catalog, desired, applied, live), ElementsAre(done, failed));
  EXPECT_THAT(api->reads(), ::testing::SizeIs(4)) << "neither a server nor what is known";
  EXPECT_THAT(find_ended(bounded(), *client, catalog, desired, applied, {}), IsEmpty());
}

}  // namespace controlled_test
}  // namespace flux::sync
