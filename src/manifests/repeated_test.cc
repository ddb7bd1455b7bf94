#include "manifests/repeated.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "manifests/parse_file.h"

namespace flux::manifests {
namespace repeated_test {

using testing::ElementsAre;
using testing::HasSubstr;

FileContent deployment(const std::string& pod) {
  return parse_file(
      "a.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n" + pod);
}

SortedJson pod_of(const FileContent& content) {
  const auto object = parse_sorted_json(content.manifests.at(0)->rest).value();
  return object.at(SortedJson::json_pointer("/spec/template/spec"));
}

TEST(Repeated, TheLastOneCounts) {
  const auto content = deployment(R"(      imagePullSecrets: [{name: a}, {name: b}, {name: a}]
      hostAliases: [{ip: 1.2.3.4, hostnames: [x]}, {ip: 1.2.3.4, hostnames: [x]}]
      containers:
      - name: c
        env:
        - {name: LEVEL, value: info}
        - {name: OTHER, value: x}
        - {name: LEVEL, value: warn}
        - {name: LEVEL, value: debug}
        ports: [{containerPort: 80}, {containerPort: 80, protocol: UDP}, {containerPort: 80, protocol: TCP}]
      initContainers:
      - env: [{name: A, value: "1"}, {name: A, value: "2"}]
)");
  EXPECT_EQ(pod_of(content), parse_sorted_json(R"({
      "imagePullSecrets":[{"name":"b"},{"name":"a"}],"hostAliases":[{"hostnames":["x"],"ip":"1.2.3.4"}],
      "containers":[{"name":"c","env":[{"name":"OTHER","value":"x"},{"name":"LEVEL","value":"debug"}],
          "ports":[{"containerPort":80,"protocol":"UDP"},{"containerPort":80,"protocol":"TCP"}]}],
      "initContainers":[{"env":[{"name":"A","value":"2"}]}]})")
                                 .value());
  ASSERT_TRUE(content.remarks);
  EXPECT_THAT(
      content.remarks->warnings,
      ElementsAre(
          HasSubstr("imagePullSecrets has name a twice (line 7)"), HasSubstr("hostAliases has ip 1.2.3.4 twice"),
          "Deployment web: spec/template/spec/containers/0/env has name LEVEL twice (lines 12 and 14), which the API "
          "server takes only once; the last one is applied",
          HasSubstr("(lines 14 and 15)"), HasSubstr("ports has containerPort 80, protocol TCP twice"),
          HasSubstr("initContainers/0/env has name A twice")));
}

TEST(Repeated, WhatBothCountsIsLeftToTheApiServer) {
  const std::string pod = R"(      hostAliases: [{ip: 1.2.3.4, hostnames: [x]}, {ip: 1.2.3.4, hostnames: [y]}]
      containers: [{ports: [{containerPort: 80, name: a}, {containerPort: 80, name: b}]}]
)";
  const auto content = deployment(pod);
  EXPECT_EQ(pod_of(content)["hostAliases"].size(), 2U);
  EXPECT_EQ(pod_of(content)["containers"][0]["ports"].size(), 2U);
  ASSERT_TRUE(content.remarks);
  EXPECT_THAT(content.remarks->warnings, ElementsAre(HasSubstr("differ in hostnames"), HasSubstr("differ in name")));
}

TEST(Repeated, OtherTypesAndOtherShapesAreLeftAlone) {
  const struct {
    const char* text;
    std::size_t warnings;
  } kRows[] = {
      {"apiVersion: v1\nkind: ServiceAccount\nsecrets: [{name: a}, {name: a}]\n", 1},
      {"apiVersion: v1\nkind: Pod\nspec: {imagePullSecrets: [{name: a}, {name: a}]}\n", 1},
      {"apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {imagePullSecrets: "
       "[{name: a}, {name: a}]}}}}}\n",
       1},
      {"apiVersion: example.org/v1\nkind: Pod\nspec: {imagePullSecrets: [{name: a}, {name: a}]}\n", 0},
      {"apiVersion: v1\nkind: Pod\nspec: {imagePullSecrets: {name: a}}\n", 0},
      {"apiVersion: v1\nkind: Pod\nspec: {imagePullSecrets: [a, a, {name: ~}, {name: ~}, {name: [x]}, {name: [x]}]}\n",
       0},
      {"apiVersion: v1\nkind: Pod\nspec: ~\n", 0},
      {"apiVersion: v1\nkind: Pod\nspec: {containers: [x, ~, {env: [{name: A}, {name: B}]}]}\n", 0},
  };
  for (const auto& row : kRows) {
    const auto content = parse_file("a.yaml", row.text);
    ASSERT_EQ(content.manifests.size(), 1U) << row.text;
    EXPECT_EQ(content.remarks ? content.remarks->warnings.size() : 0, row.warnings) << row.text;
  }
}

}  // namespace repeated_test
}  // namespace flux::manifests
