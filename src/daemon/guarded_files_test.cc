#include "daemon/guarded_files.h"

#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "manifests/memory_files.h"

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
  EXPECT_TRUE(guarded.minds(file.path) || guarded.list(bounded())) << "is followed without a look at it";
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

TEST(GuardedFiles, FollowsLinksToAGenerator) {
  // Where `current` leads to what is deployed now, and one generator is kept in one place for all.
  manifests::MemoryFiles files({{"current", "-> releases/2"}, {"releases/2/app/a.yaml", "kind: ConfigMap"}});
  const auto refused = [&](std::vector<std::string> paths) {
    const auto listed = GuardedFiles(files, {.generation = true}, std::move(paths)).list(bounded());
    return listed ? "" : listed.error().message.substr(0, listed.error().message.find(':'));
  };
  EXPECT_EQ(refused({"current/app"}), "");
  files.files["releases/.flux.yaml"] = "";
  EXPECT_EQ(refused({"current/app"}), "") << "above it only where the link leads";
  EXPECT_EQ(refused({"releases/2"}), "releases/.flux.yaml");
  files.files["releases/2/.flux.yaml"] = "";
  EXPECT_EQ(refused({"current/app"}), "current/.flux.yaml");
  EXPECT_EQ(refused({"other", "current"}), "current/.flux.yaml");
  files.files["shared/generate"] = "";
  files.files["apps/.flux.yaml"] = "-> ../shared/generate";
  EXPECT_EQ(refused({"apps"}), "apps/.flux.yaml");
}

}  // namespace guarded_files_test
}  // namespace flux::daemon
