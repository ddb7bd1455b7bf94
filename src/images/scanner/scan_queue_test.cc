#include "images/scanner/scan_queue.h"

#include <gmock/gmock.h>

namespace flux::images {
namespace scan_queue_test {

using std::chrono::minutes;
using std::chrono::seconds;
using What = ScanQueue::What;

const Clock::time_point kNow = Clock::now();

Target target(const std::string& name) { return {ImageRef::parse(name).value().canonical()}; }

std::string what(const ScanQueue::Work& work) {
  if (work.what != What::named) return work.what == What::list ? "list" : "tags";
  std::string tags;
  for (const auto& tag : work.named) tags += (tags.empty() ? "" : ",") + tag;
  return tags;
}

/// Takes everything there is, each piece ending as `end` says.
std::string take_all(ScanQueue& queue, Clock::time_point now,
                     const std::function<ScanQueue::End(const std::string&)>& end) {
  std::string taken;
  for (int i = 0; i < 20; ++i) {
    const auto work = queue.next(now);
    if (!work) break;
    const auto name = work->target.image.path;
    taken += (taken.empty() ? "" : " ") + what(*work) + ":" + name;
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
  EXPECT_TRUE(queue.prioritize("r.example/c", "", kNow));
  EXPECT_FALSE(queue.prioritize("r.example/unknown", "1", kNow));
  EXPECT_EQ(take_all(queue, kNow, [](const auto&) { return ScanQueue::End{}; }), "list:c list:a list:b");
  EXPECT_TRUE(queue.prioritize("r.example/b", "", kNow));
  EXPECT_EQ(take_all(queue, kNow, [](const auto&) { return ScanQueue::End{}; }), "list:b");
}

TEST(ScanQueueTest, AsksForANamedTagBeforeTheList) {
  ScanQueue queue(1);
  queue.set_targets({target("r.example/a"), target("r.example/b")});
  for (const auto* tag : {"1", "2", "1", ""}) EXPECT_TRUE(queue.prioritize("r.example/b", tag, kNow));
  EXPECT_TRUE(queue.prioritize("r.example/a", "", kNow));
  EXPECT_EQ(take_all(queue, kNow, [](const auto&) { return ScanQueue::End{}; }), "1,2:b list:a list:b");
}

TEST(ScanQueueTest, KeepsABoundedNumberOfNamedTags) {
  ScanQueue queue(1);
  queue.set_targets({target("r.example/a")});
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(queue.prioritize("r.example/a", std::to_string(i), kNow));
  EXPECT_EQ(queue.next(kNow)->named.size(), 100U);
}

TEST(ScanQueueTest, WhatIsAskedForDoesNotWaitForItsHost) {
  ScanQueue queue(1);
  queue.set_targets({target("r.example/a"), target("r.example/b"), target("r.example/c")});
  const auto busy = queue.next(kNow);
  ASSERT_TRUE(busy);
  EXPECT_FALSE(queue.next(kNow));
  EXPECT_EQ(queue.next_time(), std::nullopt);
  EXPECT_TRUE(queue.prioritize("r.example/b", "1", kNow));
  EXPECT_EQ(queue.next_time(ScanQueue::Which::urgent), queue.next_time());
  const auto urgent = queue.next(kNow, ScanQueue::Which::urgent);
  ASSERT_TRUE(urgent);
  EXPECT_EQ(urgent->target.image.path, "b");
  queue.done(*urgent, {}, kNow);
  const auto list = queue.next(kNow, ScanQueue::Which::urgent);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->what, What::list);
  queue.done(*list, {}, kNow);
  EXPECT_FALSE(queue.next(kNow)) << "the host is still busy with the first";
  queue.done(*busy, {}, kNow);
  EXPECT_FALSE(queue.next(kNow, ScanQueue::Which::urgent)) << "nobody has asked for c";
  EXPECT_EQ(queue.next(kNow)->target.image.path, "c");
}

TEST(ScanQueueTest, EndsEarlyWhatIsInTheWayButNotForEver) {
  ScanQueue queue(1);
  queue.set_targets({target("r.example/a"), target("r.example/b")});
  const auto take = [&] {
    auto work = queue.next(kNow);
    EXPECT_TRUE(work);
    return work.value_or(ScanQueue::Work{target("r.example/none")});
  };
  auto list = take();
  EXPECT_FALSE(queue.in_the_way(list));
  queue.prioritize("r.example/b", "1", kNow);
  EXPECT_FALSE(queue.in_the_way(list)) << "of another image";
  for (int cut = 0; cut < 3; ++cut) {
    queue.prioritize("r.example/a", "1", kNow);
    EXPECT_TRUE(queue.in_the_way(list)) << cut;
    queue.done(list, {.failed = true, .cut_short = true}, kNow);
    for (auto next = take();; next = take()) {
      if (next.what == What::list && next.target.image.path == "a") {
        list = std::move(next);
        break;
      }
      queue.done(next, {}, kNow);
    }
  }
  queue.prioritize("r.example/a", "1", kNow);
  EXPECT_FALSE(queue.in_the_way(list)) << "a long list has to be had at some time";
  queue.done(list, {.more = true}, kNow);
  queue.done(take(), {.more = true}, kNow);
  queue.done(take(), {.more = true}, kNow);
  const auto tags = take();
  ASSERT_EQ(tags.what, What::tags);
  queue.prioritize("r.example/a", "", kNow);
  EXPECT_TRUE(queue.in_the_way(tags));
}

TEST(ScanQueueTest, KeepsNamedTagsWhileTheRegistryWantsToBeLeftAlone) {
  ScanQueue queue(1);
  queue.set_targets({target("r.example/a")});
  queue.prioritize("r.example/a", "1", kNow);
  queue.done(*queue.next(kNow), {.limited = true}, kNow);
  EXPECT_FALSE(queue.next(kNow + seconds(59)));
  const auto later = queue.next(kNow + minutes(2));
  ASSERT_TRUE(later);
  EXPECT_EQ(what(*later), "1");
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
