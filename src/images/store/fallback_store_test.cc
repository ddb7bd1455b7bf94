#include "images/store/fallback_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "base/test_log.h"
#include "images/testing/records.h"

namespace flux::images {
namespace fallback_store_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kName = "index.docker.io/library/cart";

/// A cache that can be switched off.
struct Switched : Store {
  Result<std::optional<Record>> read(const Bounded& ctx, const std::string& name) override {
    if (!on) return fail(ErrorKind::server, "the cache is down");
    return memory.read(ctx, name);
  }
  Result<void> write(const Bounded& ctx, const std::string& name, const Record& record) override {
    if (!on) return fail(ErrorKind::server, "the cache is down");
    return memory.write(ctx, name, record);
  }
  bool on = true;
  MemoryStore memory;
};

struct Kept {
  KeptLog log;
  std::vector<std::string> observed;
  std::unique_ptr<Switched> made = std::make_unique<Switched>();
  Switched& primary = *made;
  FallbackStore store{std::move(made),
                      [this](std::string_view method, Duration, bool success) {
                        observed.push_back(std::string(method) + (success ? " went well" : " failed"));
                      },
                      log.log()};
};

TEST(FallbackStoreTest, KnowsFromMemoryWhatTheCacheDoesNotTake) {
  Kept s;
  const auto record = made_up_record(kName, 10);
  s.primary.on = false;
  EXPECT_TRUE(s.store.write(bounded(), kName, record));
  EXPECT_TRUE(same_record(s.store.read(bounded(), kName).value().value(), record));
  EXPECT_TRUE(s.store.write(bounded(), kName, record));
  EXPECT_THAT(s.log.text(), HasSubstr("the image cache does not work"));
  EXPECT_THAT(s.log.text(), HasSubstr("the cache is down"));
  EXPECT_EQ(std::ranges::count(s.log.text(), '\n'), 1) << "told once";

  s.primary.on = true;
  EXPECT_TRUE(s.store.read(bounded(), kName).value()) << "memory knows more than the cache";
  EXPECT_TRUE(s.store.write(bounded(), kName, record));
  EXPECT_THAT(s.log.text(), HasSubstr("the image cache works again"));
  EXPECT_TRUE(s.primary.memory.holds(kName));
  EXPECT_TRUE(same_record(s.store.read(bounded(), kName).value().value(), record));
}

TEST(FallbackStoreTest, AMomentsTroubleDoesNotMakeARecordUnknown) {
  Kept s;
  ASSERT_TRUE(s.store.write(bounded(), kName, made_up_record(kName, 10)));
  s.primary.on = false;
  EXPECT_FALSE(s.store.read(bounded(), kName));
  s.primary.on = true;
  EXPECT_TRUE(s.store.read(bounded(), kName).value());
}

TEST(FallbackStoreTest, AfterAWhileTheScanGoesOnWithoutIt) {
  Kept s;
  s.primary.on = false;
  EXPECT_FALSE(s.store.read(bounded(), kName));
  EXPECT_FALSE(s.store.read(bounded(), kName));
  EXPECT_EQ(s.store.read(bounded(), kName).value(), std::nullopt);
  EXPECT_TRUE(s.store.write(bounded(), kName, made_up_record(kName, 10)));
  EXPECT_TRUE(s.store.read(bounded(), kName).value());
}

TEST(FallbackStoreTest, AMissIsNoSuccess) {
  Kept s;
  EXPECT_EQ(s.store.read(bounded(), kName).value(), std::nullopt);
  EXPECT_TRUE(s.store.write(bounded(), kName, Record()));
  EXPECT_TRUE(s.store.read(bounded(), kName).value());
  s.primary.on = false;
  EXPECT_TRUE(s.store.write(bounded(), kName, Record()));
  EXPECT_THAT(s.observed, ElementsAre("GetKey failed", "SetKey went well", "GetKey went well", "SetKey failed"));
}

TEST(FallbackStoreTest, MemoryAlone) {
  KeptLog log;
  FallbackStore store({}, {}, log.log());
  EXPECT_EQ(store.read(bounded(), kName).value(), std::nullopt);
  const auto record = made_up_record(kName, 10);
  EXPECT_TRUE(store.write(bounded(), kName, record));
  EXPECT_TRUE(same_record(store.read(bounded(), kName).value().value(), record));
  EXPECT_EQ(log.text(), "");
}

}  // namespace fallback_store_test
}  // namespace flux::images
