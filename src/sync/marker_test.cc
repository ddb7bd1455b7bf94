#include "sync/marker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "git/testing/memory_mirror.h"

namespace flux::sync {
namespace marker_test {

using git::Reader;
using git::testing::MemoryMirror;
using ::testing::HasSubstr;

const git::Identity kUnsigned{"Flux", "flux@example.org", ""};
const git::Identity kSigned{"Flux", "flux@example.org", "key"};

TEST(TagMarker, remembers_how_far_we_synced) {
  MemoryMirror mirror;
  const auto commit = mirror.upstream().commit("a.yaml", "");
  ASSERT_TRUE(mirror.refresh(bounded()));
  const auto marker = tag_marker(mirror, "flux-sync", kUnsigned, false);
  EXPECT_EQ(marker->to_string(), "tag flux-sync");
  EXPECT_EQ(*marker->read(bounded()), "");
  ASSERT_TRUE(marker->write(bounded(), commit));
  EXPECT_EQ(*marker->read(bounded()), commit);
}

TEST(TagMarker, wants_a_signature_where_told_to_verify) {
  MemoryMirror mirror;
  const auto commit = mirror.upstream().commit("a.yaml", "");
  ASSERT_TRUE(mirror.refresh(bounded()));
  ASSERT_TRUE(tag_marker(mirror, "flux-sync", kSigned, true)->write(bounded(), commit));
  EXPECT_EQ(*tag_marker(mirror, "flux-sync", kSigned, true)->read(bounded()), commit);
  ASSERT_TRUE(tag_marker(mirror, "flux-sync", kUnsigned, true)->write(bounded(), commit));
  EXPECT_THAT(tag_marker(mirror, "flux-sync", kUnsigned, true)->read(bounded()).error().message,
              HasSubstr("failed to verify tag flux-sync"));
}

TEST(TagMarker, cannot_be_read_or_moved_before_the_mirror_is_ready) {
  MemoryMirror mirror;
  mirror.set_status({git::MirrorState::fresh, Error{ErrorKind::server, "not yet", {}}});
  const auto marker = tag_marker(mirror, "flux-sync", kUnsigned, false);
  EXPECT_EQ(marker->read(bounded()).error().message, "git repo not ready: not yet");
  EXPECT_EQ(marker->write(bounded(), "HEAD").error().message, "writing tag flux-sync: git repo not ready: not yet");
}

TEST(TagMarker, reads_as_the_sync_or_as_the_others) {
  MemoryMirror mirror;
  mirror.copy(Reader::query).faults().hold();
  const auto late = Context().with_timeout(std::chrono::milliseconds(1));
  EXPECT_TRUE(tag_marker(mirror, "flux-sync", kUnsigned, false)->read(bounded()));
  EXPECT_FALSE(tag_marker(mirror, "flux-sync", kUnsigned, false, Reader::query)->read(late));
}

}  // namespace marker_test
}  // namespace flux::sync
