#include "daemon/relevance.h"

#include <gtest/gtest.h>

namespace flux::daemon {
namespace relevance_test {

bool matters_after(const std::function<void(cluster::Object&)>& change) {
  cluster::Object before;
  before.uid = "u";
  before.owned_fields = 1;
  before.generation = 3;
  auto after = before;
  change(after);
  return matters({std::make_shared<cluster::Object>(before), std::make_shared<cluster::Object>(after)});
}

TEST(Matters, WhatAPlanLooksAt) {
  EXPECT_TRUE(matters_after([](auto& o) { o.uid = "other"; }));
  EXPECT_TRUE(matters_after([](auto& o) { o.owned_fields = 2; }));
  EXPECT_TRUE(matters_after([](auto& o) { o.generation = 4; }));
  EXPECT_TRUE(matters_after([](auto& o) { o.notes = 5; }));
  EXPECT_TRUE(matters_after([](auto& o) { o.has_additions = true; }));
  EXPECT_TRUE(matters_after([](auto& o) { o.ignore = Ignore::yes; }));
  EXPECT_TRUE(matters_after([](auto& o) { o.deleting = true; }));
  EXPECT_TRUE(matters({nullptr, std::make_shared<cluster::Object>()}));
  EXPECT_TRUE(matters({std::make_shared<cluster::Object>(), nullptr}));
}

TEST(ChangesImages, WhereAWorkloadIsNotWhatItWas) {
  cluster::Object web;
  web.type = {"apps/v1", "Deployment"};
  web.id = ResourceId("shop", "deployment", "web");
  web.generation = 3;
  auto newer = web;
  newer.generation = 4;
  auto scaled = web;
  scaled.resource_version = "9";
  auto map = web;
  map.type = {"v1", "ConfigMap"};
  map.id = ResourceId("shop", "configmap", "web");
  const auto ptr = [](const cluster::Object& object) { return std::make_shared<cluster::Object>(object); };
  EXPECT_TRUE(changes_images({nullptr, ptr(web)}));
  EXPECT_TRUE(changes_images({ptr(web), nullptr}));
  EXPECT_TRUE(changes_images({ptr(web), ptr(newer)}));
  EXPECT_FALSE(changes_images({ptr(web), ptr(scaled)}));
  EXPECT_FALSE(changes_images({nullptr, ptr(map)}));
}

TEST(Matters, NotAStatusUpdate) {
  EXPECT_FALSE(matters_after([](auto& o) { o.resource_version = "7"; }));
}

TEST(Matters, AnyNewVersionOfATypeThatCountsNoGeneration) {
  cluster::Object before;
  before.resource_version = "6";
  auto after = before;
  after.resource_version = "7";
  EXPECT_TRUE(matters({std::make_shared<cluster::Object>(before), std::make_shared<cluster::Object>(after)}));
}

}  // namespace relevance_test
}  // namespace flux::daemon
