#include "sandbox/store.h"
#include "base/test_bounded.h"

#include <gtest/gtest.h>

#include <thread>

namespace flux::sandbox {
namespace store_test {

Json body(const std::string& name, const Json& more = Json::object()) {
  Json out = {{"metadata", {{"name", name}}}};
  out["metadata"].update(more);
  return out;
}
Place at(const std::string& name, const std::string& space = "s") { return {"things.", space, name}; }

TEST(Store, RefusesToWriteOverSomethingNewer) {
  Store store;
  const auto first = store.put(at("a"), nullptr, body("a"));
  ASSERT_TRUE(first);
  EXPECT_FALSE(store.put(at("a"), nullptr, body("a")));
  const auto second = store.put(at("a"), first, body("a"));
  ASSERT_TRUE(second);
  EXPECT_FALSE(store.put(at("a"), first, body("a")));
  EXPECT_FALSE(store.remove(at("a"), first));
  EXPECT_TRUE(store.remove(at("a"), second));
  EXPECT_FALSE(store.get(at("a")));
  EXPECT_EQ(store.version(), 3U);
}

TEST(Store, ListsInPages) {
  Store store;
  for (const auto* name : {"c", "a", "b"}) store.put(at(name), nullptr, body(name));
  store.put(at("z", "other"), nullptr, body("z"));
  const auto page = store.list("things.", "s", {}, 2);
  ASSERT_EQ(page.objects.size(), 2U);
  EXPECT_TRUE(page.more);
  const auto rest = store.list("things.", "s", {}, 2, {"s", "b"});
  ASSERT_EQ(rest.objects.size(), 1U);
  EXPECT_EQ(rest.objects[0]->meta_text("name"), "c");
  EXPECT_FALSE(rest.more);
  EXPECT_EQ(store.list("things.", "").objects.size(), 4U);
}

TEST(Store, TellsChangesInOrderAndWakesWhoWaits) {
  Store store;
  std::uint64_t version = 0;
  std::jthread later([&] { store.put(at("a"), nullptr, body("a")); });
  const auto changes = store.changes(bounded(), "things.", version, std::chrono::seconds(30));
  ASSERT_TRUE(changes);
  ASSERT_EQ(changes->size(), 1U);
  EXPECT_EQ(version, 1U);
  EXPECT_FALSE(changes->front().before);
}

TEST(Store, SaysWhenAWatchLagsTooFarBehind) {
  Store store;
  auto object = store.put(at("a"), nullptr, body("a"));
  for (std::size_t i = 0; i < Store::log_length + 5; ++i) object = store.put(at("a"), object, body("a"));
  std::uint64_t old = 1;
  EXPECT_FALSE(store.changes(bounded(), "things.", old, {}));
  std::uint64_t recent = object->version - 1;
  EXPECT_EQ(store.changes(bounded(), "things.", recent, {}).value().size(), 1U);
}

TEST(Store, KnowsWhoOwnsWhat) {
  Store store;
  const auto child = store.put(at("b"), nullptr, body("b", {{"ownerReferences", {{{"uid", "u1"}}}}}));
  EXPECT_EQ(store.owned_by("u1"), std::vector<Place>{at("b")});
  store.put(at("b"), child, body("b"));
  EXPECT_TRUE(store.owned_by("u1").empty());
}

}  // namespace store_test
}  // namespace flux::sandbox
