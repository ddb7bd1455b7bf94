#include "daemon/candidacy.h"

#include <gtest/gtest.h>

namespace flux::daemon {
namespace candidacy_test {

using namespace std::chrono_literals;
using cluster::Lease;

struct CandidacyTest : ::testing::Test {
  Candidacy candidacy{"pod-a"};
  Clock::time_point now{1h};

  std::string would_write(const std::optional<Lease>& read) {
    const auto write = candidacy.see(read, now);
    return write ? write->holder + "@" + write->version : "wait for " + candidacy.other();
  }
};

TEST_F(CandidacyTest, TakesWhatIsFree) {
  EXPECT_EQ(would_write(std::nullopt), "pod-a@");
  EXPECT_EQ(would_write(Lease{"", 180s, "7"}), "pod-a@7");
}

TEST_F(CandidacyTest, TakesItsOwnAtOnceAfterARestart) { EXPECT_EQ(would_write(Lease{"pod-a", 180s, "7"}), "pod-a@7"); }

TEST_F(CandidacyTest, WaitsForOthersUntilTheyHaveNotRenewedForAsLongAsItLasts) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(would_write(Lease{"pod-b", 180s, std::to_string(i)}), "wait for pod-b");
    EXPECT_EQ(candidacy.next(now), now + Candidacy::kLook);
    now += 1min;
  }
  now += 1min;
  EXPECT_EQ(would_write(Lease{"pod-b", 180s, "4"}), "wait for pod-b") << "two minutes";
  now += 1min;
  EXPECT_EQ(would_write(Lease{"pod-b", 180s, "4"}), "pod-a@4") << "three minutes";
}

TEST_F(CandidacyTest, RenewsOnceAMinuteWithoutReading) {
  EXPECT_FALSE(candidacy.leads(now));
  candidacy.wrote({"pod-a", 180s, "8"}, now);
  EXPECT_TRUE(candidacy.leads(now));
  EXPECT_EQ(candidacy.next(now), now + 1min);
  EXPECT_EQ(candidacy.to_renew()->version, "8");
}

TEST_F(CandidacyTest, StopsLeadingInTimeWhenItCannotRenew) {
  candidacy.wrote({"pod-a", 180s, "8"}, now);
  candidacy.failed(/*lost=*/false);
  EXPECT_FALSE(candidacy.to_renew()) << "has to read it first";
  EXPECT_TRUE(candidacy.leads(now + 149s));
  EXPECT_FALSE(candidacy.leads(now + 150s));
  EXPECT_EQ(candidacy.next(now + 148s), now + 150s);
}

TEST_F(CandidacyTest, StopsLeadingAtOnceWhenSomebodyElseHasIt) {
  candidacy.wrote({"pod-a", 180s, "8"}, now);
  candidacy.failed(/*lost=*/true);
  EXPECT_FALSE(candidacy.leads(now));
}

TEST(LeaseName, IsOneOfAnObject) {
  EXPECT_EQ(lease_name("aZ_-"), "fluxd-615a5f2d");
  EXPECT_NE(lease_name("abc"), lease_name("ABC"));
}

}  // namespace candidacy_test
}  // namespace flux::daemon
