#include "manifests/workloads/containers.h"

#include <gtest/gtest.h>

#include "manifests/parse_file.h"
#include "manifests/workloads/kinds.h"

namespace flux::manifests {
namespace containers_test {

std::string shown(const Manifest& manifest) {
  std::string out;
  for (const auto& [name, text, image] : containers_of(manifest))
    out += (out.empty() ? "" : " ") + name + "=" + text + (image.empty() ? "!" : "");
  return out;
}

/// `!` follows an image that does not parse.
std::string shown(const std::string& yaml) {
  const auto content = parse_file("a.yaml", yaml);
  return content.manifests.size() == 1 ? shown(*content.manifests[0]) : "not one manifest";
}

const std::string kPodSpec =
    "{initContainers: [{name: wait, image: 'acme/wait:1'}], containers: [{name: web, image: 'acme/web:2'}, "
    "{name: log, image: quay.io/acme/log}]}";
const std::string kTemplate = "{template: {spec: " + kPodSpec + "}}";

TEST(ContainersOf, EachKind) {
  const std::string found = "web=acme/web:2 log=quay.io/acme/log wait=acme/wait:1";
  const struct {
    const char* api_version;
    const char* kind;
    std::string spec;
    std::string containers;
  } rows[] = {
      {"apps/v1", "Deployment", kTemplate, found},
      {"extensions/v1beta1", "Deployment", kTemplate, found},
      {"apps/v1beta2", "Deployment", kTemplate, found},
      {"apps/v1", "DaemonSet", kTemplate, found},
      {"extensions/v1beta1", "DaemonSet", kTemplate, found},
      {"apps/v1", "StatefulSet", kTemplate, found},
      {"apps/v1beta1", "StatefulSet", kTemplate, found},
      {"batch/v1", "CronJob", "{jobTemplate: {spec: " + kTemplate + "}}", found},
      {"batch/v1beta1", "CronJob", "{jobTemplate: {spec: " + kTemplate + "}}", found},
      {"batch/v2alpha1", "CronJob", "{jobTemplate: {spec: " + kTemplate + "}}", found},
      {"batch/v1", "CronJob", kTemplate, ""},
      {"helm.fluxcd.io/v1", "HelmRelease", "{values: {image: 'acme/web:2'}}", "chart-image=acme/web:2"},
      {"flux.weave.works/v1beta1", "HelmRelease", "{values: {image: 'acme/web:2'}}", "chart-image=acme/web:2"},
      {"helm.fluxcd.io/v1", "HelmRelease", kTemplate, ""},
      {"helm.integrations.flux.weave.works/v1alpha2", "FluxHelmRelease", "{values: {image: 'acme/web:2'}}", ""},
      {"batch/v1", "Job", kTemplate, ""},
      {"apps/v1", "ReplicaSet", kTemplate, ""},
      {"v1", "ReplicationController", kTemplate, ""},
      {"v1", "Pod", kPodSpec, ""},
      {"apps/v1", "deployment", kTemplate, ""},
      {"v1", "ConfigMap", kTemplate, ""},
  };
  for (const auto& row : rows) {
    const auto yaml = std::string("apiVersion: ") + row.api_version + "\nkind: " + row.kind +
                      "\nmetadata: {name: a}\nspec: " + row.spec + "\n";
    EXPECT_EQ(shown(yaml), row.containers) << row.api_version << " " << row.kind;
  }
}

TEST(ContainersOf, WhatIsOddInAPod) {
  const struct {
    const char* name;
    const char* pod;
    const char* containers;
  } rows[] = {
      {"no pod", "", ""},
      {"no containers", "{}", ""},
      {"null", "{containers: ~}", ""},
      {"only init containers", "{initContainers: [{name: a, image: b}]}", "a=b"},
      {"ephemeral ones do not count", "{ephemeralContainers: [{name: a, image: b}]}", ""},
      {"a name twice", "{containers: [{name: a, image: b}], initContainers: [{name: a, image: c}]}", "a=b a=c"},
      {"no image", "{containers: [{name: a}, {name: b, image: ''}, {name: c, image: ~}]}", "a=! b=! c=!"},
      {"an image that does not parse", "{containers: [{name: a, image: 'b:1:2'}, {name: c, image: d}]}",
       "a=b:1:2! c=d"},
      {"no name", "{containers: [{image: b}]}", "=b"},
      {"scalars as their text", "{containers: [{name: yes, image: 1.10}, {name: 012, image: true}]}",
       "true=1.1 10=true"},
      {"an image that is a mapping", "{containers: [{name: a, image: {b: c}}]}", "a=!"},
      {"a container that is none", "{containers: [a, ~, {name: b, image: c}]}", "b=c"},
      {"a mapping for the list", "{containers: {name: a, image: b}}", ""},
      {"tag and digest", "{containers: [{name: a, image: 'b:1@sha256:0a'}]}", "a=b:1@sha256:0a"},
      {"aliases and merges", "{containers: [&c {name: a, image: &i b}, {<<: *c, name: d}, {name: e, image: *i}]}",
       "a=b d=b e=b"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(shown(std::string("kind: Deployment\nspec:\n  template:\n    spec: ") + row.pod + "\n"), row.containers)
        << row.name;
  for (const auto* const yaml : {"kind: Deployment\n", "kind: Deployment\nspec: text\n", "kind: CronJob\nspec: [a]\n"})
    EXPECT_EQ(shown(std::string(yaml)), "") << yaml;
}

TEST(ContainersOf, AHelmRelease) {
  const struct {
    const char* name;
    const char* yaml;
    const char* containers;
  } rows[] = {
      {"shapes, the top first", "spec: {values: {image: 'z:1', b: {image: {repository: b, tag: '2'}}, a: {image: a}}}",
       "chart-image=z:1 a=a b=b:2"},
      {"a place that annotations name",
       "metadata: {annotations: {repository.fluxcd.io/c: a.b, tag.fluxcd.io/c: a.v}}\n"
       "spec: {values: {a: {b: acme/c, v: '3'}}}",
       "c=acme/c:3"},
      {"an annotation that is no text",
       "metadata: {annotations: {repository.fluxcd.io/c: yes}}\n"
       "spec: {values: {'true': acme/c}}",
       "c=acme/c"},
      {"other annotations", "metadata: {annotations: {fluxcd.io/automated: yes}}\nspec: {values: {image: 'z:1'}}",
       "chart-image=z:1"},
      {"no annotations", "metadata: {annotations: ~}\nspec: {values: {image: 'z:1'}}", "chart-image=z:1"},
      {"no metadata", "metadata: ~\nspec: {values: {image: 'z:1'}}", "chart-image=z:1"},
      {"no values", "spec: {values: ~}", ""},
      {"no spec", "a: 1", ""},
      {"what does not parse is none", "spec: {values: {image: 'b:1:2'}}", ""},
  };
  for (const auto& row : rows)
    EXPECT_EQ(shown(std::string("kind: HelmRelease\n") + row.yaml + "\n"), row.containers) << row.name;
}

TEST(ContainersOf, AnItemOfAList) {
  const auto content = parse_file("a.yaml", "kind: List\nitems:\n- kind: Deployment\n  spec: " + kTemplate + "\n");
  ASSERT_EQ(content.manifests.size(), 1U);
  EXPECT_EQ(containers_of(*content.manifests[0]).size(), 3U);
}

TEST(ContainersOf, GivesTheImagesParts) {
  const auto content = parse_file("a.yaml", "kind: Deployment\nspec: " + kTemplate + "\n");
  const auto containers = containers_of(*content.manifests.at(0));
  ASSERT_EQ(containers.size(), 3U);
  EXPECT_EQ(containers[1].image, (ImageRef{"quay.io", "acme/log", "", ""}));
}

TEST(WorkloadKinds, AreTheFiveOfFlux) {
  for (const auto* const kind : {"Deployment", "DaemonSet", "StatefulSet", "CronJob", "HelmRelease"})
    EXPECT_TRUE(is_workload(kind)) << kind;
  for (const auto* const kind :
       {"Job", "Pod", "ReplicaSet", "ReplicationController", "FluxHelmRelease", "Namespace", "cronjob", "List", ""})
    EXPECT_FALSE(is_workload(kind)) << kind;
  EXPECT_TRUE(pod_spec_path("HelmRelease").empty());
}

}  // namespace containers_test
}  // namespace flux::manifests
