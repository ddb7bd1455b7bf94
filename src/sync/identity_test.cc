#include "sync/identity.h"

#include <gtest/gtest.h>

namespace flux::sync {
namespace identity_test {

// The values are compat/daemon.md 4.6's: an object marked by 1.25.4 must be recognised, or it is never collected.
TEST(Identity, SetNameIsThatOf1254) {
  EXPECT_EQ(sync_set_name("ssh://git@git.example.org/team/config.git", "main", {"apps", "infra/base"}),
            "lcU-KV2FMaA09eiED28iAHrQlFmVcXTMeIpRQx5x1qY");
}

TEST(Identity, MarkIsThatOf1254) {
  const auto set = sync_set_name("ssh://git@git.example.org/team/config.git", "main", {"apps", "infra/base"});
  EXPECT_EQ(gc_mark(set, ResourceId("shop", "Deployment", "cart")),
            "sha256.Tjew69V5f0LJvW9zmSNE6gS5QPgKJpZ1tRJ4LDgqCGA");
  EXPECT_EQ(gc_mark(set, ResourceId("", "Namespace", "shop")), "sha256.jdPyrVaUl9eF6T5_76jwDt5mxcAdy1xTJdiTvvqPybk");
}

TEST(Identity, MarkIsThatOfThePlainId) {
  EXPECT_EQ(gc_mark("set", ResourceId("shop", "service.serving.knative.dev", "a")),
            gc_mark("set", ResourceId("shop", "service", "a")));
}

TEST(Identity, SpellingAndOrderOfPathsMatter) {
  EXPECT_NE(sync_set_name("u", "b", {"a", "c"}), sync_set_name("u", "b", {"c", "a"}));
  EXPECT_NE(sync_set_name("u", "b", {"a"}), sync_set_name("u", "b", {"a/"}));
}

}  // namespace identity_test
}  // namespace flux::sync
