#include "daemon/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flux::daemon {
namespace health_test {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const Clock::time_point kNow = Clock::time_point() + std::chrono::hours(100);

Error broken(const std::string& message, ErrorKind kind = ErrorKind::server) { return {kind, message, "Mend it."}; }

/// All is well: started ten hours ago, everything a minute ago.
HealthFacts well() {
  HealthFacts facts;
  facts.now = kNow;
  facts.limit = minutes(15);
  facts.mirror.state = git::MirrorState::ready;
  facts.arrivals.started = kNow - std::chrono::hours(10);
  facts.arrivals.fetched = facts.arrivals.synced = kNow - minutes(1);
  facts.cluster.answered = kNow - seconds(3);
  return facts;
}

struct Row {
  const char* name;
  std::function<void(HealthFacts&)> change;
  const char* health;     ///< what it says; empty: well
  const char* readiness;  ///< the same
};

const Row kRows[] = {
    {"well", [](HealthFacts&) {}, "", ""},
    {"the loop hangs", [](HealthFacts& f) { f.loop_late = true; }, "the sync loop has not finished", ""},
    {"no repository configured",
     [](HealthFacts& f) {
       f.mirror.state = git::MirrorState::unconfigured;
       f.arrivals.fetched = f.arrivals.synced = std::nullopt;
     },
     "", "git repo does not have valid config"},
    {"just started",
     [](HealthFacts& f) {
       f.arrivals = {};
       f.arrivals.started = kNow - minutes(14);
       f.mirror = {git::MirrorState::fresh, broken("not cloned yet")};
     },
     "", "git repo not ready: not cloned yet"},
    {"never cloned",
     [](HealthFacts& f) {
       f.arrivals = {};
       f.arrivals.started = kNow - minutes(16);
       f.mirror = {git::MirrorState::fresh, broken("no such host")};
     },
     "the git repository has not been fetched for 16m0s: no such host", "git repo not ready: no such host"},
    {"a sync that hangs because the cluster does",
     [](HealthFacts& f) {
       f.arrivals.synced = kNow - minutes(16);
       f.cluster.waiting = kNow - minutes(15);
       f.cluster.answered = kNow - minutes(16);
     },
     "no sync has completed for 16m0s: the API server has not answered for 16m0s",
     "the API server has not answered for 16m0s"},
    {"waiting for another that leads",
     [](HealthFacts& f) {
       f.leader = "pod-b";
       f.arrivals.synced.reset();
       f.arrivals.branch = Arrivals::Trouble{broken("not looked for"), kNow - minutes(90)};
     },
     "", ""},
    {"waiting, and unable to fetch",
     [](HealthFacts& f) {
       f.leader = "pod-b";
       f.arrivals.fetched = kNow - minutes(16);
     },
     "the git repository has not been fetched for 16m0s", ""},
    {"git away for a moment", [](HealthFacts& f) { f.mirror.error = broken("refused"); }, "",
     "git repo not ready: refused"},
    {"git away for long",
     [](HealthFacts& f) {
       f.mirror.error = broken("refused");
       f.arrivals.fetched = kNow - minutes(16);
     },
     "the git repository has not been fetched for 16m0s: refused", "git repo not ready: refused"},
    {"the mirror hangs", [](HealthFacts& f) { f.arrivals.fetched = kNow - minutes(16); },
     "the git repository has not been fetched for 16m0s", ""},
    {"branch gone for a moment",
     [](HealthFacts& f) { f.arrivals.branch = {broken("no branch main", ErrorKind::user), kNow - minutes(1)}; }, "",
     "the head of the branch cannot be found: no branch main"},
    {"branch gone for long",
     [](HealthFacts& f) { f.arrivals.branch = {broken("no branch main", ErrorKind::user), kNow - minutes(16)}; },
     "the head of the branch has not been found for 16m0s: no branch main",
     "the head of the branch cannot be found: no branch main"},
    {"a sync failed because of the cluster",
     [](HealthFacts& f) { f.arrivals.sync = {broken("timeout"), kNow - minutes(1)}; }, "",
     "the last sync was not completed: timeout"},
    {"a file in git is broken", [](HealthFacts& f) { f.arrivals.sync = {broken("a.yaml", ErrorKind::user), kNow}; }, "",
     ""},
    {"a file in git is broken for long",
     [](HealthFacts& f) {
       f.arrivals.sync = {broken("a.yaml", ErrorKind::user), kNow - minutes(16)};
       f.arrivals.synced = kNow - minutes(17);
     },
     "no sync has completed for 17m0s: a.yaml", ""},
    {"no sync for long, for a reason that is not known", [](HealthFacts& f) { f.arrivals.synced = kNow - minutes(17); },
     "no sync has completed for 17m0s", ""},
    {"the cluster says no", [](HealthFacts& f) { f.cluster.error = broken("etcd failed"); }, "", "etcd failed"},
    {"the cluster is silent",
     [](HealthFacts& f) {
       f.cluster.answered = kNow - seconds(31);
       f.cluster.waiting = kNow - seconds(1);
     },
     "", "the API server has not answered for 31s"},
    {"the cluster never answered",
     [](HealthFacts& f) {
       f.cluster = {};
       f.cluster.waiting = kNow;
     },
     "", "the API server does not answer"},
    {"the cluster is slow", [](HealthFacts& f) { f.cluster.waiting = kNow - seconds(1); }, "", ""},
    {"nobody asked the cluster", [](HealthFacts& f) { f.cluster = {}; }, "", ""},
};

void expect(const Result<void>& result, const std::string& message, const std::string& what) {
  if (message.empty()) {
    EXPECT_TRUE(result) << what << ": " << result.error().message;
  } else {
    ASSERT_FALSE(result) << what;
    EXPECT_THAT(result.error().message, StartsWith(message)) << what;
    EXPECT_FALSE(result.error().help.empty()) << what;
  }
}

TEST(HealthTest, FailsInEveryStateInWhichCommitsDoNotArriveForLong) {
  for (const auto& row : kRows) {
    auto facts = well();
    row.change(facts);
    expect(health(facts), row.health, std::string("health, ") + row.name);
    expect(readiness(facts), row.readiness, std::string("readiness, ") + row.name);
    EXPECT_EQ(liveness(facts).has_value(), !facts.loop_late) << row.name;
  }
}

TEST(HealthTest, LimitFollowsTheLongerInterval) {
  EXPECT_EQ(arrival_limit(minutes(5), minutes(5)), minutes(15));
  EXPECT_EQ(arrival_limit(seconds(1), minutes(2)), minutes(6));
  EXPECT_EQ(arrival_limit(minutes(60), minutes(5)), minutes(180));
  EXPECT_EQ(arrival_limit(seconds(1), seconds(1)), minutes(5));
  EXPECT_EQ(arrival_limit(Duration::max(), seconds(1)), std::chrono::hours(3 * 24 * 365));
}

TEST(HealthTest, TroubleBeganWithItsFirstError) {
  ArrivalsBook book;
  book.looked(broken("one"), kNow);
  book.looked(broken("two"), kNow + minutes(1));
  ASSERT_TRUE(book.now().branch);
  EXPECT_EQ(book.now().branch->error.message, "two");
  EXPECT_EQ(book.now().branch->since, kNow);
  book.looked(std::nullopt, kNow + minutes(2));
  EXPECT_FALSE(book.now().branch);
  book.synced(std::nullopt, kNow);
  book.synced(broken("three"), kNow + minutes(3));
  EXPECT_EQ(book.now().synced, kNow);
  EXPECT_EQ(book.now().sync->since, kNow + minutes(3));
}

}  // namespace health_test
}  // namespace flux::daemon
