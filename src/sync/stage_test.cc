#include "sync/stage.h"

#include <gtest/gtest.h>

namespace flux::sync {
namespace stage_test {

Manifest config_map(std::string metadata, std::string rest = R"({"apiVersion":"v1","kind":"ConfigMap"})") {
  Manifest manifest;
  manifest.type = {"v1", "ConfigMap"};
  manifest.name = "a";
  manifest.metadata = std::move(metadata);
  manifest.rest = std::move(rest);
  manifest.checksum = "c0ffee";
  return manifest;
}

struct Row {
  const char* rule;
  std::string metadata;
  std::string ns;
  std::string body;
};

class StagedBody : public testing::TestWithParam<Row> {};

TEST_P(StagedBody, FollowsTheRule) {
  EXPECT_EQ(staged_body(config_map(GetParam().metadata), GetParam().ns, "m"), GetParam().body);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, StagedBody,
    testing::Values(
        Row{"AddsMarkChecksumAndNamespace", R"({"name":"a"})", "shop",
            R"({"metadata":{"name":"a","namespace":"shop","labels":{"fluxcd.io/sync-gc-mark":"m"},)"
            R"("annotations":{"fluxcd.io/sync-checksum":"c0ffee"}},"apiVersion":"v1","kind":"ConfigMap"})"},
        Row{"ReplacesWhatAnExportSays",
            R"({"name":"a","labels":{"x":"y","fluxcd.io/sync-gc-mark":"other"},"annotations":{)"
            R"("fluxcd.io/sync-checksum":"00aa","kubectl.kubernetes.io/last-applied-configuration":"{}","p":"q"}})",
            "",
            R"({"metadata":{"name":"a","labels":{"x":"y","fluxcd.io/sync-gc-mark":"m"},)"
            R"("annotations":{"fluxcd.io/sync-checksum":"c0ffee","p":"q"}},"apiVersion":"v1","kind":"ConfigMap"})"},
        Row{"TakesNullMapsAsAbsent", R"({"name":"a","labels":null,"annotations":null})", "",
            R"({"metadata":{"name":"a","labels":{"fluxcd.io/sync-gc-mark":"m"},)"
            R"("annotations":{"fluxcd.io/sync-checksum":"c0ffee"}},"apiVersion":"v1","kind":"ConfigMap"})"}),
    [](const auto& row) { return row.param.rule; });

TEST(StagedBodyEdge, NothingButMetadata) {
  EXPECT_EQ(staged_body(config_map(R"({"name":"a","labels":[]})", "{}"), "", "m"),
            R"({"metadata":{"name":"a","labels":[],"annotations":{"fluxcd.io/sync-checksum":"c0ffee"}}})");
}

}  // namespace stage_test
}  // namespace flux::sync
