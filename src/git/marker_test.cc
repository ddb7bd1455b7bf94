#include "git/marker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "git/test_upstream.h"

namespace flux::git::testing {
namespace marker_test {

using ::testing::HasSubstr;

const Identity kIdentity{"Weave Flux", "support@example.org", ""};

class MarkerTest : public GitTest {
 protected:
  std::string read(const Mirror& mirror) {
    const auto marker = read_marker(bounded(), **mirror.repository(), "flux-sync", false);
    EXPECT_TRUE(marker) << marker.error().message;
    return *marker;
  }
};

TEST_F(MarkerTest, IsEmptyBeforeTheFirstSync) {
  upstream_.commit("a", "1");
  FetchingMirror mirror(config());
  make_ready(mirror);
  EXPECT_EQ(read(mirror), "");
}

TEST_F(MarkerTest, IsAnAnnotatedTagHereAndUpstream) {
  const auto commit = upstream_.commit("a", "1");
  FetchingMirror mirror(config());
  make_ready(mirror);
  ASSERT_TRUE(write_marker(bounded(), mirror, "flux-sync", commit, kIdentity));
  EXPECT_EQ(read(mirror), commit);
  EXPECT_EQ(upstream_.git({"rev-parse", "flux-sync^{commit}"}), commit);
  EXPECT_EQ(upstream_.git({"for-each-ref", "--format=%(objecttype) %(taggername) %(taggeremail) %(contents)",
                           "refs/tags/flux-sync"}),
            "tag Weave Flux <support@example.org> Sync pointer");
}

TEST_F(MarkerTest, MovesByForceWhereverItWas) {
  const auto first = upstream_.commit("a", "1");
  const auto second = upstream_.commit("a", "2");
  FetchingMirror mirror(config());
  make_ready(mirror);
  for (const auto& commit : {second, first, second}) {
    ASSERT_TRUE(write_marker(bounded(), mirror, "flux-sync", commit, kIdentity));
    EXPECT_EQ(upstream_.git({"rev-parse", "flux-sync^{commit}"}), commit);
  }
}

TEST_F(MarkerTest, LightweightAndForeignTagsArePeeledToo) {
  const auto commit = upstream_.commit("a", "1");
  upstream_.git({"tag", "flux-sync"});
  FetchingMirror mirror(config());
  make_ready(mirror);
  EXPECT_EQ(read(mirror), commit);
}

TEST_F(MarkerTest, FailedPushLeavesTheMirrorAsItWas) {
  const auto first = upstream_.commit("a", "1");
  const auto second = upstream_.commit("a", "2");
  FetchingMirror mirror(config());
  make_ready(mirror);
  upstream_.set_hook("pre-receive", "exit 1");
  EXPECT_FALSE(write_marker(bounded(), mirror, "flux-sync", first, kIdentity));
  EXPECT_EQ(read(mirror), "");

  upstream_.remove_hook("pre-receive");
  ASSERT_TRUE(write_marker(bounded(), mirror, "flux-sync", first, kIdentity));
  upstream_.set_hook("pre-receive", "echo frozen >&2; exit 1");
  const auto moved = write_marker(bounded(), mirror, "flux-sync", second, kIdentity);
  ASSERT_FALSE(moved);
  EXPECT_THAT(moved.error().message, HasSubstr("frozen"));
  EXPECT_THAT(moved.error().message, ::testing::StartsWith("writing tag flux-sync: "));
  EXPECT_EQ(read(mirror), first);
}

TEST_F(MarkerTest, APushThatHangsEndsAtTheFetchTimeout) {
  const auto commit = upstream_.commit("a", "1");
  auto impatient = config();
  impatient.fetch_timeout = std::chrono::seconds(1);
  impatient.clone_timeout = std::chrono::minutes(1);
  FetchingMirror mirror(impatient);
  make_ready(mirror);
  upstream_.set_hook("pre-receive", "exec sleep 600");
  const auto written = write_marker(Context(), mirror, "flux-sync", commit, kIdentity);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(read(mirror), "");
  upstream_.remove_hook("pre-receive");
  EXPECT_TRUE(write_marker(Context(), mirror, "flux-sync", commit, kIdentity));
}

TEST_F(MarkerTest, RefusesOddTagsAndUnknownRevisions) {
  upstream_.commit("a", "1");
  FetchingMirror mirror(config());
  make_ready(mirror);
  EXPECT_EQ(write_marker(bounded(), mirror, "-d", "HEAD", kIdentity).error().kind, ErrorKind::user);
  EXPECT_EQ(write_marker(bounded(), mirror, "flux-sync", "nope", kIdentity).error().kind, ErrorKind::missing);
  EXPECT_EQ(read_marker(bounded(), **mirror.repository(), "a b", false).error().kind, ErrorKind::user);
}

TEST_F(MarkerTest, NeedsAReadyMirror) {
  FetchingMirror mirror(config());
  EXPECT_THAT(write_marker(bounded(), mirror, "flux-sync", "HEAD", kIdentity).error().message, HasSubstr("not ready"));
}

}  // namespace marker_test
}  // namespace flux::git::testing
