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
std::string refusal(OneFile file, MissingFeatures missing, std::vector<std::string> paths = {}) {
  GuardedFiles guarded(file, missing, std::move(paths));
  EXPECT_EQ(guarded.minds(file.path), !guarded.list(bounded()));
  const auto entries = guarded.list(bounded());
  if (!entries) return entries.error().message;
  const auto texts = guarded.read(bounded(), *entries);
  return texts ? "" : texts.error().message;
}

TEST(GuardedFiles, RefusesWhatNeedsAMissingFeature) {
  EXPECT_EQ(
      refusal({"a/.flux.yaml", ""}, {.generation = true}, {"a"}),
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

TEST(GuardedFiles, OnlyAGeneratorInOrAboveAPathHasASay) {
  const struct {
    const char* file;
    std::vector<std::string> paths;
    bool refused;
  } kRows[] = {
      {".flux.yaml", {}, true},         {".flux.yaml", {"a/b"}, true},  {"a/.flux.yaml", {"x", "./a/b/"}, true},
      {"a/.flux.yaml", {}, false},      {"a/.flux.yaml", {"b"}, false}, {"a/.flux.yaml", {"ab"}, false},
      {"a/b/.flux.yaml", {"a"}, false}, {"a/x.flux.yaml", {"a"}, false}};
  for (const auto& row : kRows)
    EXPECT_EQ(!refusal({row.file, ""}, {.generation = true}, row.paths).empty(), row.refused) << row.file;
}

}  // namespace guarded_files_test
}  // namespace flux::daemon
