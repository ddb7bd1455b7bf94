#include "images/scanner/scan_queue.h"

#include <gmock/gmock.h>

namespace flux::images {
namespace scan_queue_test {

using std::chrono::minutes;
using std::chrono::seconds;
using What = ScanQueue::What;

const Clock::time_point kNow = Clock::now();

Target target(const std::string& name) { return {ImageRef::parse(name).value().canonical()}; }

/// Takes everything there is, each piece ending as `end` says.
std::string take_all(ScanQueue& queue, Clock::time_point now,
                     const std::function<ScanQueue::End(const std::string&)>& end) {
  std::string taken;
  for (int i = 0; i < 20; ++i) {
    const auto work = queue.next(now);
    if (!work) break;
    const auto name = work->target.image.path;
    taken += (taken.empty() ? "" : " ") + std::string(work->what == What::list ? "list:" : "tags:") + name;
    queue.done(*work, end(name), now);
  }
  return taken;
}

TEST(ScanQueueTest, ListsAllBeforeItAsksForTagsAndThenGoesRound) {
  ScanQueue queue(1);
  queue.set_targets({target("r.example/a"), target("r.example/b")});
  std::map<std::string, int> rounds;
  EXPECT_EQ(take_all(queue, kNow, [&](const auto& name) { return ScanQueue::End{.more = ++rounds[name] < 3}; }),
            "list:a list:b tags:a tags:b tags:a tags:b");
  EXPECT_FALSE(queue.next(kNow));
  EXPECT_EQ(take_all(queue, kNow + minutes(2), [](const auto&) { return ScanQueue::End{}; }), "list:a list:b");
}

TEST(ScanQueueTest, AsksOneHostOnceAtATime) {
  ScanQueue queue(1);
  queue.set_targets({target("one.example/a"), target("one.example/b"), target("two.example/c")});
  const auto first = queue.next(kNow);
  const auto second = queue.next(kNow);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->target.image.path, "a");
  EXPECT_EQ(second->target.image.path, "c");
  EXPECT_FALSE(queue.next(kNow));
  queue.done(*first, {}, kNow);
  EXPECT_EQ(queue.next(kNow)->target.image.path, "b");
}

TEST(ScanQueueTest, DoesFirstWhatSomebodyAskedFor) {
  ScanQueue queue(1);
  queue.set_targets({target("r.example/a"), target("r.example/b"), target("r.example/c")});
  EXPECT_TRUE(queue.prioritize("r.example/c", kNow));
  EXPECT_FALSE(queue.prioritize("r.example/unknown", kNow));
  EXPECT_EQ(take_all(queue, kNow, [](const auto&) { return ScanQueue::End{}; }), "list:c list:a list:b");
  EXPECT_TRUE(queue.prioritize("r.example/b", kNow));
  EXPECT_EQ(take_all(queue, kNow, [](const auto&) { return ScanQueue::End{}; }), "list:b");
}

TEST(ScanQueueTest, LeavesARegistryAloneThatWantsIt) {
  ScanQueue queue(1);
  queue.set_targets({target("r.example/a")});
  queue.done(*queue.next(kNow), {.limited = true, .more = true}, kNow);
  EXPECT_FALSE(queue.next(kNow + seconds(59)));
  EXPECT_TRUE(queue.next(kNow + minutes(2)));
}

TEST(ScanQueueTest, AsksAFailingRegistryLessAndLess) {
  ScanQueue queue(1);
  queue.set_targets({target("r.example/a")});
  auto now = kNow;
  for (int i = 0; i < 10; ++i) {
    const auto work = queue.next(now);
    ASSERT_TRUE(work) << i;
    queue.done(*work, {.failed = true}, now);
    now = queue.next_time().value();
  }
  EXPECT_FALSE(queue.next(now - minutes(15)));
  // Whoever mends the credentials does not want to wait for it.
  auto mended = target("r.example/a");
  mended.credential = Credential{"me", Secret("password")};
  queue.set_targets({mended});
  EXPECT_TRUE(queue.next(now - minutes(15)));
}

TEST(ScanQueueTest, ForgetsWhatIsNotInUse) {
  ScanQueue queue(1);
  queue.set_targets({target("r.example/a")});
  const auto work = queue.next(kNow);
  queue.set_targets({});
  queue.done(*work, {.more = true}, kNow);
  EXPECT_FALSE(queue.next(kNow + minutes(5)));
  EXPECT_EQ(queue.next_time(), std::nullopt);
}

TEST(ScanQueueTest, AsksForTagsWhenTheNextIsDue) {
  ScanQueue queue(1);
  queue.set_targets({target("r.example/a")});
  queue.done(*queue.next(kNow), {.next_tag = seconds(10)}, kNow);
  EXPECT_EQ(queue.next_time(), kNow + seconds(10));
  EXPECT_EQ(queue.next(kNow + seconds(10))->what, What::tags);
}

}  // namespace scan_queue_test
}  // namespace flux::images
