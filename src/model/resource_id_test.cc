#include "model/resource_id.h"

#include <gtest/gtest.h>

#include <set>
#include <unordered_set>
#include <vector>

namespace flux {
namespace resource_id_test {

struct Row {
  const char* text;
  const char* ns;
  const char* kind;
  const char* name;
  const char* printed;
};

TEST(ResourceIdTest, ParsesBothForms) {
  const std::vector<Row> rows{
      {"shop:deployment/cart", "shop", "deployment", "cart", "shop:deployment/cart"},
      {"shop:Deployment/Cart", "shop", "deployment", "Cart", "shop:deployment/Cart"},
      {"<cluster>:namespace/shop", "<cluster>", "namespace", "shop", "<cluster>:namespace/shop"},
      {"a_B-1:x_y-2/n.a-m:e_3", "a_B-1", "x_y-2", "n.a-m:e_3", "a_B-1:x_y-2/n.a-m:e_3"},
      {"kube-system:rolebinding/system:controller", "kube-system", "rolebinding", "system:controller",
       "kube-system:rolebinding/system:controller"},
      {"shop/cart", "shop", "service", "cart", "shop/cart"},
  };
  for (const auto& row : rows) {
    const auto id = ResourceId::parse(row.text);
    ASSERT_TRUE(id) << row.text;
    EXPECT_EQ(id->ns(), row.ns);
    EXPECT_EQ(id->kind(), row.kind);
    EXPECT_EQ(id->name(), row.name);
    EXPECT_EQ(id->to_string(), row.printed);
  }
}

TEST(ResourceIdTest, RefusesAnythingElse) {
  for (const std::string text : {"",
                                 "/",
                                 ":",
                                 ":/",
                                 "cart",
                                 "shop:",
                                 "shop:deployment",
                                 "shop:deployment/",
                                 "shop:/cart",
                                 ":deployment/cart",
                                 "shop:deployment/ca rt",
                                 "shop:deployment/a/b",
                                 "sh.op:deployment/cart",
                                 "shop:deploy.ment/cart",
                                 "<other>:deployment/cart",
                                 "a:b:c/d",
                                 "shop/",
                                 "/cart",
                                 "shop/ca.rt",
                                 "shop/a/b",
                                 "<cluster>/x",
                                 "shop:x/y\n",
                                 "sh\xC3\xB6p:deployment/cart",
                                 "<all>"}) {
    const auto id = ResourceId::parse(text);
    ASSERT_FALSE(id) << text;
    EXPECT_EQ(id.error().kind, ErrorKind::user);
    EXPECT_EQ(id.error().message, "parsing " + text + ": invalid service ID");
    EXPECT_FALSE(id.error().help.empty());
  }
}

TEST(ResourceIdTest, MakesIdsOfObjects) {
  EXPECT_EQ(ResourceId("shop", "Deployment", "cart").to_string(), "shop:deployment/cart");
  const ResourceId scoped("", "Namespace", "shop");
  EXPECT_TRUE(scoped.cluster_scoped());
  EXPECT_EQ(scoped.to_string(), "<cluster>:namespace/shop");
  EXPECT_EQ(ResourceId("shop", "ConfigMap", "odd name").to_string(), "shop:configmap/odd name");
}

TEST(ResourceIdTest, HasAnEmptyValue) {
  EXPECT_TRUE(ResourceId().empty());
  EXPECT_EQ(ResourceId().to_string(), "");
  EXPECT_FALSE(ResourceId("", "x", "y").empty());
}

TEST(ResourceIdTest, OrdersAsItsPrintedForm) {
  std::vector<ResourceId> ids{ResourceId(), *ResourceId::parse("a/b"), *ResourceId::parse("a-b/c")};
  for (const auto* ns : {"", "a", "a-b", "a0", "ab"})
    for (const auto* kind : {"pod", "pods", "pod-x", "pod_x"})
      for (const auto* name : {"", "n", "n-1", "n.1"}) ids.emplace_back(ns, kind, name);
  for (const auto& a : ids)
    for (const auto& b : ids) EXPECT_EQ(a < b, a.to_string() < b.to_string()) << a.to_string() << " " << b.to_string();
}

TEST(ResourceIdTest, ComparesAsItPrints) {
  EXPECT_EQ(*ResourceId::parse("shop:Deployment/cart"), ResourceId("shop", "deployment", "cart"));
  EXPECT_NE(*ResourceId::parse("shop/cart"), ResourceId("shop", "service", "cart"));
  const std::set<ResourceId> sorted{ResourceId("b", "x", "y"), ResourceId("", "x", "y"), ResourceId("a", "z", "y"),
                                    ResourceId("a", "x", "z"), ResourceId("a", "x", "y")};
  std::string all;
  for (const auto& id : sorted) all += id.to_string() + " ";
  EXPECT_EQ(all, "<cluster>:x/y a:x/y a:x/z a:z/y b:x/y ");
  const std::unordered_set<ResourceId> hashed{ResourceId("a", "X", "y"), ResourceId("a", "x", "y")};
  EXPECT_EQ(hashed.size(), 1U);
}

}  // namespace resource_id_test
}  // namespace flux
