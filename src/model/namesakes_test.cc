#include "model/namesakes.h"

#include <gtest/gtest.h>

namespace flux {
namespace namesakes_test {

const ResourceId kHello("shop", "Service", "hello");
const ResourceId kKnative("shop", "service.serving.knative.dev", "hello");

std::string told_apart(const std::vector<std::string_view>& groups) {
  std::string out;
  for (const auto& id : tell_apart(kHello, groups)) out += id.to_string() + " ";
  return out;
}

TEST(Namesakes, ThatOfKubernetesKeepsTheIdOfFluxV1) {
  EXPECT_EQ(told_apart({"", "serving.knative.dev"}), "shop:service/hello shop:service.serving.knative.dev/hello ");
  EXPECT_EQ(told_apart({"a.io", "gateway.networking.k8s.io"}), "shop:service.a.io/hello shop:service/hello ");
  EXPECT_EQ(told_apart({"a.io", "b.io"}), "shop:service.a.io/hello shop:service.b.io/hello ") << "nobody knows which";
  EXPECT_EQ(told_apart({"", "apps", "b.io"}),
            "shop:service.core/hello shop:service.apps/hello shop:service.b.io/hello ");
}

TEST(Namesakes, HaveOnePlainId) {
  EXPECT_EQ(plain_id(kKnative), kHello);
  EXPECT_EQ(plain_id(kHello), kHello);
  const ResourceId scoped("", "Cluster", "c.d");
  EXPECT_EQ(plain_id(with_group(scoped, "")), scoped);
  EXPECT_TRUE(with_group(scoped, "x.io").cluster_scoped());
}

TEST(Namesakes, AreNotWhatMayBeOneObject) {
  EXPECT_FALSE(may_be_one({"v1", "Service"}, {"serving.knative.dev/v1", "Service"}));
  EXPECT_TRUE(may_be_one({"x.io/v1", "Thing"}, {"x.io/v2", "Thing"})) << "versions";
  EXPECT_TRUE(may_be_one({"extensions/v1beta1", "Ingress"}, {"networking.k8s.io/v1", "Ingress"}));
  EXPECT_TRUE(may_be_one({"v1", "Event"}, {"events.k8s.io/v1", "Event"}));
  EXPECT_FALSE(may_be_one({"v1", "Event"}, {"x.io/v1", "Event"}));
}

TEST(Namesakes, AreLookedAtTogether) {
  const Namesakes known{{kHello, {kHello, kKnative}}};
  const ResourceId other("shop", "configmap", "hello");
  for (const auto& id : {kHello, kKnative}) {
    std::set<ResourceId> ids{id, other};
    add_namesakes(ids, known);
    EXPECT_EQ(ids, (std::set<ResourceId>{kHello, kKnative, other})) << id.to_string();
  }
  std::set<ResourceId> gone{kKnative};
  add_namesakes(gone, {});
  EXPECT_EQ(gone, (std::set<ResourceId>{kHello, kKnative}))
      << "what is left of it is in the cluster under the plain id";
}

}  // namespace namesakes_test
}  // namespace flux
