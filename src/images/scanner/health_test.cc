#include "images/scanner/health.h"

#include <gmock/gmock.h>

#include "images/scanner/scan_queue.h"

namespace flux::images {
namespace health_test {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::SizeIs;

const Clock::time_point kNow = Clock::now();
const Timestamp kWall = *parse_timestamp("2021-03-09T10:00:00Z");

TEST(HealthTest, IsWhatTheRecordSays) {
  Record record;
  record.repository.tags = {"1", "2", "3"};
  record.repository.last_update = kWall;
  record.repository.last_error = "requesting tags: refused";
  record.states = {{"1", {}}, {"2", {.error = "no such manifest"}}, {"3", {.error = "refused"}}};
  EXPECT_EQ(health_of(record), (ImageHealth{.tags = 3,
                                            .last_success = kWall,
                                            .error = "requesting tags: refused",
                                            .failing_tag_count = 2,
                                            .failing_tags = {{"2", "no such manifest"}, {"3", "refused"}}}));
}

TEST(HealthTest, CountsAllFailingTagsAndNamesSome) {
  Record record;
  for (int i = 0; i < 1000; ++i) record.states[std::to_string(i)].error = "refused";
  const auto health = health_of(record);
  EXPECT_EQ(health.failing_tag_count, 1000);
  EXPECT_THAT(health.failing_tags, SizeIs(ImageHealth::kMostTags));
}

/// One queue with one image, `r.example/a`.
class QueueHealthTest : public testing::Test {
 protected:
  QueueHealthTest() {
    Target target{ImageRef::parse("r.example/a").value().canonical()};
    target.credential = Credential{"user", Secret("hunter2"), "team:secret/pull"};
    queue_.set_targets({target});
  }

  ImageHealth at(Clock::time_point now) const { return queue_.health(now, kWall + (now - kNow)).at(0); }

  void list(Clock::time_point now, ImageHealth health) {
    const auto work = queue_.next(now);
    ASSERT_TRUE(work);
    queue_.done(*work, {.failed = !health.error.empty(), .health = std::move(health)}, now);
  }

  ScanQueue queue_{1};
};

TEST_F(QueueHealthTest, SaysWhoAsksBeforeAnythingIsKnown) {
  EXPECT_EQ(at(kNow), (ImageHealth{.image = "r.example/a", .credentials = "team:secret/pull", .next_refresh = kWall}));
  const auto work = queue_.next(kNow);
  EXPECT_FALSE(at(kNow).next_refresh) << "it is under way";
}

TEST_F(QueueHealthTest, RemembersSinceWhenItFails) {
  list(kNow, {.error = "refused", .help = "Is it up?"});
  EXPECT_EQ(at(kNow + minutes(1)).failing_since, kWall);
  list(kNow + minutes(5), {.error = "timeout", .help = "Is it far?"});
  EXPECT_EQ(at(kNow + minutes(6)).failing_since, kWall);
  EXPECT_EQ(at(kNow + minutes(6)).error, "timeout");
  EXPECT_EQ(at(kNow + minutes(6)).help, "Is it far?");
  list(kNow + minutes(20), {.tags = 3, .last_success = kWall + minutes(20)});
  EXPECT_FALSE(at(kNow + minutes(20)).failing_since);
  EXPECT_EQ(at(kNow + minutes(20)).tags, 3);
  list(kNow + minutes(30), {.error = "refused"});
  EXPECT_EQ(at(kNow + minutes(31)).failing_since, kWall + minutes(30));
}

TEST_F(QueueHealthTest, SaysWhenTheNextRefreshIs) {
  list(kNow, {.tags = 1, .last_success = kWall});
  const auto next = at(kNow + seconds(10)).next_refresh;
  ASSERT_TRUE(next);
  EXPECT_GE(*next, kWall + minutes(1));
  EXPECT_LE(*next, kWall + seconds(66));
  EXPECT_EQ(at(kNow + minutes(9)).next_refresh, kWall + minutes(9)) << "due, and waits for its host";
}

TEST_F(QueueHealthTest, KeepsTheHelpOfTheListWhileTagsAreAskedFor) {
  auto work = queue_.next(kNow);
  ASSERT_TRUE(work);
  queue_.done(*work, {.failed = true, .more = true, .health = ImageHealth{.error = "refused", .help = "Is it up?"}},
              kNow);
  work = queue_.next(kNow);
  ASSERT_TRUE(work && work->what == ScanQueue::What::tags);
  queue_.done(*work, {.health = ImageHealth{.error = "refused", .failing_tag_count = 1}}, kNow);
  EXPECT_EQ(at(kNow).help, "Is it up?");
  EXPECT_EQ(at(kNow).failing_tag_count, 1);
}

TEST_F(QueueHealthTest, ForgetsWhatIsNoLongerUsed) {
  queue_.set_targets({});
  EXPECT_THAT(queue_.health(kNow, kWall), ElementsAre());
}

}  // namespace health_test
}  // namespace flux::images
