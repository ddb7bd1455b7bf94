#include "daemon/memory_marker.h"

#include <gtest/gtest.h>

#include "base/test_bounded.h"

namespace flux::daemon {
namespace memory_marker_test {

TEST(MemoryMarkerTest, CopiesShareOneRevision) {
  MemoryMarker marker;
  MemoryMarker copy = marker;
  EXPECT_EQ(copy.read(bounded()), "");
  ASSERT_TRUE(marker.write(bounded(), "5f3c"));
  EXPECT_EQ(copy.read(bounded()), "5f3c");
}

}  // namespace memory_marker_test
}  // namespace flux::daemon
