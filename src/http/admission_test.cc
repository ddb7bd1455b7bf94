#include "http/admission.h"

#include <gtest/gtest.h>

namespace flux::http {
namespace admission_test {

using Kind = Admission::Kind;

class AdmissionTest : public ::testing::Test {
 protected:
  void wait(std::uint64_t from, std::uint64_t to, Kind kind = Kind::request) {
    for (auto id = from; id <= to; ++id) admission_.enqueue("a", {id, kind});
  }

  /// Admits and connects until nothing more may start; how many that were.
  std::size_t run(bool multiplexes) {
    std::size_t count = 0;
    for (; admission_.next("a"); ++count) admission_.connected("a", multiplexes);
    return count;
  }

  Admission admission_;
};

TEST_F(AdmissionTest, TheFirstGoesAheadAlone) {
  wait(1, 20);
  EXPECT_EQ(admission_.next("a"), 1);
  EXPECT_EQ(admission_.next("a"), std::nullopt);
  admission_.connected("a", false);
  EXPECT_EQ(admission_.next("a"), 2);
}

TEST_F(AdmissionTest, FewWhereEachNeedsAConnection) {
  wait(1, 20);
  EXPECT_EQ(run(false), Admission::kParallelRequests);
  admission_.ended("a", Kind::request, true);
  EXPECT_EQ(admission_.next("a"), 9);
  EXPECT_EQ(admission_.next("a"), std::nullopt);
}

TEST_F(AdmissionTest, ManyWhereTheyShareOne) {
  wait(1, 400);
  EXPECT_EQ(run(true), Admission::kMultiplexedRequests);
}

TEST_F(AdmissionTest, FewHandshakesAtOnce) {
  wait(1, 100, Kind::stream);
  EXPECT_EQ(admission_.next("a"), 1);
  admission_.connected("a", false);
  std::size_t connecting = 0;
  while (admission_.next("a")) ++connecting;
  EXPECT_EQ(connecting, Admission::kConnecting);
}

TEST_F(AdmissionTest, StreamsNeitherWaitForRequestsNorStarveThem) {
  wait(1, 20);
  EXPECT_EQ(run(false), Admission::kParallelRequests);
  wait(101, 150, Kind::stream);
  EXPECT_EQ(run(false), 50);
  admission_.ended("a", Kind::request, true);
  EXPECT_EQ(admission_.next("a"), 9);
}

TEST_F(AdmissionTest, StreamsTakeUpRoomOnASharedConnection) {
  wait(1, 20, Kind::stream);
  wait(101, 400);
  EXPECT_EQ(run(true), Admission::kMultiplexedRequests);
  wait(501, 700, Kind::stream);
  EXPECT_EQ(run(true), 200);
  for (std::size_t i = 0; i < Admission::kMultiplexedRequests - 20; ++i) admission_.ended("a", Kind::request, true);
  EXPECT_EQ(run(true), Admission::kMultiplexedLeast);
}

TEST_F(AdmissionTest, AfterAFailureTheRestDoesNotFailOneByOne) {
  wait(1, 20);
  admission_.next("a");
  admission_.ended("a", Kind::request, false);
  std::size_t tried = 0;
  while (admission_.next("a")) ++tried;
  EXPECT_EQ(tried, Admission::kConnecting);
}

TEST_F(AdmissionTest, WhatIsWithdrawnIsPassedOver) {
  wait(1, 3);
  admission_.withdraw("a", {1, Kind::request});
  EXPECT_EQ(admission_.next("a"), 2);
}

TEST_F(AdmissionTest, LanesDoNotHoldUpEachOther) {
  wait(1, 20);
  run(false);
  admission_.enqueue("b", {21, Kind::request});
  EXPECT_EQ(admission_.next("b"), 21);
}

}  // namespace admission_test
}  // namespace flux::http
