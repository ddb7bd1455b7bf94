#include "daemon/guarded_files.h"
#include "base/test_bounded.h"

#include <gtest/gtest.h>

namespace flux::daemon {
namespace guarded_files_test {

struct OneFile : manifests::FileSource {
  std::string path;
  std::string text;
  OneFile(std::string at, std::string says) : path(std::move(at)), text(std::move(says)) {}
  Result<std::vector<manifests::FileEntry>> list(const Bounded&) override { return {{{path, "blob"}}}; }
  Result<std::vector<std::string>> read(const Bounded&, std::span<const manifests::FileEntry>) override {
    return {{text}};
  }
};

/// The message of the refusal; empty when the file is let through.
std::string refusal(OneFile file, MissingFeatures missing) {
  GuardedFiles guarded(file, missing);
  const auto entries = guarded.list(bounded());
  if (!entries) return entries.error().message;
  const auto texts = guarded.read(bounded(), *entries);
  return texts ? "" : texts.error().message;
}

TEST(GuardedFiles, RefusesWhatNeedsAMissingFeature) {
  EXPECT_EQ(
      refusal({"a/.flux.yaml", ""}, {.generation = true}),
      "a/.flux.yaml: has to be run to get the manifests, which --manifest-generation asks for and this version of "
      "fluxd cannot do yet");
  EXPECT_NE(refusal({".gitsecret/paths/mapping.cfg", ""}, {.git_secret = true}), "");
  EXPECT_NE(refusal({"s.yaml", "data: ENC\nsops:\n  mac: ENC"}, {.sops = true}), "");
}

TEST(GuardedFiles, LetsEverythingElseThrough) {
  EXPECT_EQ(refusal({"a/.flux.yaml", ""}, {}), "");
  EXPECT_EQ(refusal({"s.yaml", "sops:\n  mac: ENC"}, {.generation = true}), "");
  EXPECT_EQ(refusal({"s.yaml", "kind: Secret"}, {true, true, true}), "");
}

}  // namespace guarded_files_test
}  // namespace flux::daemon
