#include "http/admission.h"

#include <gtest/gtest.h>

namespace flux::http {
namespace {

std::size_t admit_all(Admission& admission, const std::string& origin) {
  std::size_t count = 0;
  while (admission.next(origin)) ++count;
  return count;
}

TEST(Admission, KeepsOrderAndLimit) {
  Admission admission;
  for (std::uint64_t id = 1; id <= 20; ++id) admission.enqueue("a", id);
  EXPECT_EQ(admission.next("a"), 1);
  EXPECT_EQ(admission.next("a"), 2);
  EXPECT_EQ(admit_all(admission, "a"), Admission::kParallelConnections - 2);
  admission.ended("a");
  EXPECT_EQ(admission.next("a"), Admission::kParallelConnections + 1);
  EXPECT_EQ(admission.next("a"), std::nullopt);
}

TEST(Admission, WidensForServersThatMultiplexAndNarrowsAgain) {
  Admission admission;
  for (std::uint64_t id = 1; id <= 400; ++id) admission.enqueue("a", id);
  admission.learned("a", true);
  EXPECT_EQ(admit_all(admission, "a"), Admission::kMultiplexedRequests);
  admission.learned("a", false);
  admission.ended("a");
  EXPECT_EQ(admission.next("a"), std::nullopt);
}

TEST(Admission, OriginsDoNotHoldUpEachOther) {
  Admission admission;
  for (std::uint64_t id = 1; id <= 20; ++id) admission.enqueue("a", id);
  admission.enqueue("b", 21);
  admit_all(admission, "a");
  EXPECT_EQ(admission.next("b"), 21);
}

}  // namespace
}  // namespace flux::http
