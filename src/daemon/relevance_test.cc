#include "daemon/relevance.h"

#include <gtest/gtest.h>

namespace flux::daemon {
namespace relevance_test {

bool matters_after(const std::function<void(cluster::Object&)>& change) {
  cluster::Object before;
  before.uid = "u";
  before.owned_fields = 1;
  auto after = before;
  change(after);
  return matters({std::make_shared<cluster::Object>(before), std::make_shared<cluster::Object>(after)});
}

TEST(Matters, WhatAPlanLooksAt) {
  EXPECT_TRUE(matters_after([](auto& o) { o.uid = "other"; }));
  EXPECT_TRUE(matters_after([](auto& o) { o.owned_fields = 2; }));
  EXPECT_TRUE(matters_after([](auto& o) { o.ignore = Ignore::yes; }));
  EXPECT_TRUE(matters_after([](auto& o) { o.deleting = true; }));
  EXPECT_TRUE(matters({nullptr, std::make_shared<cluster::Object>()}));
  EXPECT_TRUE(matters({std::make_shared<cluster::Object>(), nullptr}));
}

TEST(Matters, NotAStatusUpdate) {
  EXPECT_FALSE(matters_after([](auto& o) { o.resource_version = "7"; }));
  EXPECT_FALSE(matters_after([](auto& o) { o.generation = 7; }));
}

}  // namespace relevance_test
}  // namespace flux::daemon
