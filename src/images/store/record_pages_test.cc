#include "images/store/record_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/test_bounded.h"
#include "images/store/memory_store.h"
#include "images/testing/records.h"

namespace flux::images {
namespace record_pages_test {

constexpr const char* kName = "index.docker.io/library/cart";

std::optional<Record> read(const RecordPages& pages, const std::string& lost = "none is") {
  return from_pages(kName, pages.header, [&](const PageName& wanted) -> std::string_view {
    const auto found = std::ranges::find(pages.pages, wanted, &Page::name);
    return found == pages.pages.end() || wanted.key == lost ? std::string_view() : found->bytes;
  });
}

std::size_t different(const RecordPages& a, const RecordPages& b) {
  return static_cast<std::size_t>(std::ranges::count_if(
      a.pages, [&](const Page& page) { return std::ranges::find(b.pages, page.name, &Page::name) == b.pages.end(); }));
}

TEST(RecordPagesTest, GivesBackAllThatWasPutIn) {
  auto unsorted = made_up_record(kName, 100);
  std::ranges::reverse(unsorted.repository.tags);
  auto twice = made_up_record(kName, 3);
  twice.repository.tags.push_back(twice.repository.tags.back());
  Record failing;
  failing.repository.last_error = "requesting tags: no";
  auto unlisted = made_up_record(kName, 30);
  unlisted.repository.tags.pop_back();
  for (const auto& record :
       {Record(), failing, made_up_record(kName, 1), made_up_record(kName, 3000), unsorted, twice, unlisted}) {
    const auto back = read(to_pages(kName, record));
    ASSERT_TRUE(back);
    EXPECT_TRUE(same_record(*back, record)) << record.repository.tags.size() << " tags";
  }
}

TEST(RecordPagesTest, AChangeIsAChangeOfOnePage) {
  const auto record = made_up_record(kName, 5000);
  const auto before = to_pages(kName, record);
  EXPECT_GT(before.pages.size(), 40U);

  auto changed = record;
  changed.states.at("v1.002500").due += std::chrono::hours(1);
  auto added = record;
  added.repository.tags.insert(added.repository.tags.begin(), "a first one");
  auto removed = record;
  removed.repository.tags.erase(removed.repository.tags.begin() + 2500);
  removed.states.erase("v1.002500");
  removed.repository.images.erase("v1.002500");
  for (const auto* after : {&changed, &added, &removed}) EXPECT_EQ(different(to_pages(kName, *after), before), 1U);
  EXPECT_EQ(different(to_pages(kName, record), before), 0U);
}

TEST(RecordPagesTest, ALostPageTakesTheListOfTagsWithItAndNothingElse) {
  const auto record = made_up_record(kName, 1000);
  const auto pages = to_pages(kName, record);
  auto damaged = pages;
  damaged.pages.back().bytes.back() ^= 1;
  for (const auto& back : {read(pages, pages.pages.back().name.key), read(damaged)}) {
    ASSERT_TRUE(back);
    EXPECT_TRUE(back->repository.tags.empty());
    EXPECT_EQ(back->repository.last_update, std::nullopt);
    EXPECT_GT(back->states.size(), 500U);
    EXPECT_LT(back->states.size(), record.states.size());
  }
}

TEST(RecordPagesTest, AHeaderThatCannotBeReadIsNothing) {
  const auto pages = to_pages(kName, made_up_record(kName, 100));
  for (std::size_t size = 0; size < pages.header.size(); ++size)
    EXPECT_FALSE(page_names(std::string_view(pages.header).substr(0, size))) << size;
  for (std::size_t i = 0; i < pages.header.size(); ++i) {
    auto damaged = pages;
    damaged.header[i] ^= 1;
    EXPECT_FALSE(read(damaged)) << i;
  }
  EXPECT_EQ(page_names(pages.header)->size(), pages.pages.size());
}

TEST(MemoryStoreTest, ForgetsWhatWasUsedLeastRecently) {
  const auto record = made_up_record(kName, 100);
  std::size_t bytes = 0;
  for (const auto& page : to_pages("example.com/a", record).pages) bytes += page.bytes.size();
  MemoryStore store(bytes * 3);
  ASSERT_TRUE(store.write(bounded(), "example.com/a", record));
  ASSERT_TRUE(store.write(bounded(), "example.com/b", record));
  ASSERT_TRUE(*store.read(bounded(), "example.com/a"));
  ASSERT_TRUE(store.write(bounded(), "example.com/c", record));
  EXPECT_TRUE(*store.read(bounded(), "example.com/a"));
  EXPECT_FALSE(*store.read(bounded(), "example.com/b"));
  EXPECT_TRUE(*store.read(bounded(), "example.com/c"));
  const auto large = made_up_record(kName, 1000);
  ASSERT_TRUE(store.write(bounded(), kName, large));
  EXPECT_TRUE(same_record((*store.read(bounded(), kName)).value(), large));
  EXPECT_FALSE(*store.read(bounded(), "example.com/a"));
}

}  // namespace record_pages_test
}  // namespace flux::images
