#include "model/manifest.h"

#include <gtest/gtest.h>

namespace flux {
namespace manifest_test {

TEST(ManifestTest, TellsWhereItStands) {
  EXPECT_EQ((Source{"apps/shop.yaml", 2, 31}.to_string()), "apps/shop.yaml (document 2, line 31)");
}

TEST(ManifestTest, StandsInItsPathAndInNoListUnlessToldOtherwise) {
  const Source plain{"apps/shop.yaml", 2, 31};
  EXPECT_EQ(plain.file(), "apps/shop.yaml");
  EXPECT_TRUE(plain.items().empty());
  const Source item{"a.yaml", 1, 3, std::make_shared<Source::Detail>(Source::Detail{"", {1, 0}})};
  EXPECT_EQ(item.file(), "a.yaml");
  EXPECT_EQ(item.items().size(), 2U);
  const Source linked{"a.yaml", 1, 3, std::make_shared<Source::Detail>(Source::Detail{"b.yaml", {}})};
  EXPECT_EQ(linked.file(), "b.yaml");
  EXPECT_EQ(linked.to_string(), "a.yaml (document 1, line 3)");
}

TEST(ManifestTest, TakesItsIdFromTheEffectiveNamespace) {
  Manifest manifest;
  manifest.type = {"apps/v1", "Deployment"};
  manifest.name = "cart";
  EXPECT_EQ(manifest.id_in("shop").to_string(), "shop:deployment/cart");
  EXPECT_EQ(manifest.written_id().to_string(), "<cluster>:deployment/cart");
  manifest.ns = "other";
  EXPECT_EQ(manifest.written_id().to_string(), "other:deployment/cart");
}

TEST(ApiTypeTest, ComparesByVersionAndKind) {
  EXPECT_EQ((ApiType{"v1", "Pod"}), (ApiType{"v1", "Pod"}));
  EXPECT_NE((ApiType{"apps/v1", "Deployment"}), (ApiType{"apps/v1beta1", "Deployment"}));
}

TEST(ApiTypeTest, HasAGroupUnlessItIsACoreType) {
  EXPECT_EQ((ApiType{"apps/v1", "Deployment"}).group(), "apps");
  EXPECT_EQ((ApiType{"v1", "Pod"}).group(), "");
}

}  // namespace manifest_test
}  // namespace flux
