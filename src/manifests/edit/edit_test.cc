#include "manifests/edit/edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "manifests/parse_file.h"

namespace flux::manifests {
namespace edit_test {

/// The first resource of the file, or the one of this name.
ManifestPtr manifest_in(const std::string& file, const std::string& name) {
  const auto content = parse_file("a.yaml", file);
  EXPECT_THAT(content.problems, ::testing::IsEmpty());
  for (const auto& manifest : content.manifests)
    if (name.empty() || manifest->name == name) return manifest;
  return nullptr;
}

using Images = std::vector<std::pair<std::string, std::string>>;

std::string shown(const Result<std::string>& result) { return result ? *result : "! " + result.error().message; }

std::string with_images(const std::string& file, const Images& images, const std::string& name = "") {
  const auto manifest = manifest_in(file, name);
  if (!manifest) return "no manifest";
  std::vector<ContainerUpdate> updates;
  for (const auto& [container, image] : images) updates.push_back({container, {}, ImageRef::parse(image).value()});
  return shown(set_images(file, *manifest, manifest->id_in("ns"), updates));
}

std::string with_policies(const std::string& file, const PolicyUpdate& update, const std::string& name = "") {
  const auto manifest = manifest_in(file, name);
  if (!manifest) return "no manifest";
  return shown(update_policies(file, *manifest, manifest->id_in("ns"), update));
}

std::string pod(const std::string& containers) {
  return "kind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n" + containers;
}

/// The values of a release, and its annotations in flow.
std::string release(const std::string& values, const std::string& annotations = "") {
  return "kind: HelmRelease\nmetadata: {name: a, annotations: {" + annotations + "}}\nspec:\n  values:\n" + values;
}

TEST(SetImages, OfAPod) {
  const struct {
    const char* name;
    std::string before;
    Images images;
    std::string after;
  } rows[] = {
      {"several",
       pod("      containers:\n      - {name: a, image: x:1}\n      - {name: b, image: 'x:1'}\n"),
       {{"a", "x:2"}, {"b", "x:3"}},
       pod("      containers:\n      - {name: a, image: x:2}\n      - {name: b, image: 'x:3'}\n")},
      {"of a name twice the first",
       pod("      containers: [{name: a, image: x}]\n      initContainers: [{name: a, image: x}]\n"),
       {{"a", "x:2"}},
       pod("      containers: [{name: a, image: x:2}]\n      initContainers: [{name: a, image: x}]\n")},
      {"a digest",
       pod("      containers: [{name: a, image: x:1}]\n"),
       {{"a", "x@sha256:0a"}},
       pod("      containers: [{name: a, image: x@sha256:0a}]\n")},
      {"without image",
       pod("      containers:\n      - name: a\n"),
       {{"a", "x:2"}},
       pod("      containers:\n      - name: a\n        image: x:2\n")},
      {"no change",
       pod("      containers: [{name: a, image:   x:1}]\n"),
       {{"a", "x:1"}},
       pod("      containers: [{name: a, image:   x:1}]\n")},
      {"names that are no text",
       pod("      containers: [{name: yes, image: x:1}]\n"),
       {{"true", "x:2"}},
       pod("      containers: [{name: yes, image: x:2}]\n")},
      {"an anchor and its alias together",
       pod("      containers: [{name: a, image: &i x:1}, {name: b, image: *i}]\n"),
       {{"a", "x:2"}, {"b", "x:2"}},
       pod("      containers: [{name: a, image: &i x:2}, {name: b, image: *i}]\n")},
      {"an anchor and its alias apart",
       pod("      containers: [{name: a, image: &i x:1}, {name: b, image: *i}]\n"),
       {{"b", "x:3"}, {"a", "x:2"}},
       pod("      containers: [{name: a, image: &i x:2}, {name: b, image: x:3}]\n")},
      {"no such container",
       pod("      containers: [{name: a, image: x:1}]\n"),
       {{"b", "x:2"}},
       "! updating resource ns:deployment/a in a.yaml (document 1, line 1): container b not found"},
      {"one of two that fails",
       pod("      containers: [{name: a, image: x:1}]\n"),
       {{"a", "x:2"}, {"b", "x:2"}},
       "! updating resource ns:deployment/a in a.yaml (document 1, line 1): container b not found"},
      {"a template",
       pod("      containers: [{name: a, image: 'x:{{ .Tag }}'}]\n"),
       {{"a", "x:2"}},
       "! updating resource ns:deployment/a in a.yaml (document 1, line 1): line 6: "
       "spec.template.spec.containers[0].image is a template ({{ }}), which is not edited"},
      {"a container that is shared",
       pod("      containers: [&c {name: a, image: x:1}]\n      initContainers: [*c]\n"),
       {{"a", "x:2"}},
       "! updating resource ns:deployment/a in a.yaml (document 1, line 1): line 6: "
       "spec.template.spec.containers[0].image is shared through the anchor &c, which line 7 uses: a change would be "
       "one there, too"},
      {"no workload",
       "kind: Job\nmetadata: {name: a}\n",
       {{"a", "x:2"}},
       "! updating resource kind \"Job\" not supported"},
  };
  for (const auto& row : rows) EXPECT_EQ(with_images(row.before, row.images), row.after) << row.name;
}

TEST(SetImages, OfAReleaseInEachShape) {
  const struct {
    const char* name;
    std::string before;
    const char* container;
    const char* image;
    std::string after;
  } rows[] = {
      {"text", release("    image: a/b:1\n"), "chart-image", "a/b:2", release("    image: a/b:2\n")},
      {"text without tag", release("    image: a/b\n"), "chart-image", "a/b:2", release("    image: a/b:2\n")},
      {"text, another name", release("    image: a/b:1\n"), "chart-image", "q.io/c:2",
       release("    image: q.io/c:2\n")},
      {"text and tag", release("    image: a/b\n    tag: '1'\n"), "chart-image", "a/b:2",
       release("    image: a/b\n    tag: '2'\n")},
      {"text and tag, another name", release("    image: a/b\n    tag: '1'\n"), "chart-image", "c:2",
       release("    image: c\n    tag: '2'\n")},
      {"registry and text", release("    registry: q.io\n    image: a/b:1\n"), "chart-image", "q.io/a/b:2",
       release("    registry: q.io\n    image: a/b:2\n")},
      {"registry that looks like none", release("    registry: mine\n    image: b:1\n"), "chart-image", "mine/b:2",
       release("    registry: mine\n    image: b:2\n")},
      {"registry with a path", release("    registry: q.io/team\n    image: b\n    tag: v1\n"), "chart-image",
       "q.io/team/c:v2", release("    registry: q.io/team\n    image: c\n    tag: v2\n")},
      {"all three, another registry", release("    registry: q.io\n    image: a/b\n    tag: v1\n"), "chart-image",
       "r.io/a/b:v2", release("    registry: r.io\n    image: a/b\n    tag: v2\n")},
      {"registry and text, another registry", release("    registry: q.io\n    image: a/b:v1\n"), "chart-image",
       "r.io/c:v2", release("    registry: r.io\n    image: c:v2\n")},
      {"mapping", release("    image: {repository: a/b, tag: v1}\n"), "chart-image", "a/b:v2",
       release("    image: {repository: a/b, tag: v2}\n")},
      {"mapping with registry", release("    image:\n      registry: q.io\n      repository: b\n      tag: v1 # c\n"),
       "chart-image", "q.io/b:v2",
       release("    image:\n      registry: q.io\n      repository: b\n      tag: v2 # c\n")},
      {"mapping, tag in repository", release("    image: {repository: 'a/b:1'}\n"), "chart-image", "a/b:2",
       release("    image: {repository: 'a/b:2'}\n")},
      {"below a key", release("    web:\n      image: a/b\n      tag: 1.10\n"), "web", "a/b:1.11",
       release("    web:\n      image: a/b\n      tag: '1.11'\n")},
      {"below a key that is no text", release("    on: {image: a/b:1}\n"), "true", "a/b:2",
       release("    on: {image: a/b:2}\n")},
      {"a tag that is null", release("    image: a/b\n    tag:\n    c: d\n"), "chart-image", "a/b:2",
       release("    image: a/b\n    tag: '2'\n    c: d\n")},
      {"a tag in both, one a number", release("    image: a/b:1\n    tag: 1.0\n"), "chart-image", "a/b:2",
       release("    image: a/b\n    tag: '2'\n")},
      {"a port", release("    image: q:5000/b:1\n"), "chart-image", "q:5000/b:2", release("    image: q:5000/b:2\n")},
      {"a digest", release("    image: a/b@sha256:0a\n"), "chart-image", "a/b@sha256:0b",
       release("    image: a/b@sha256:0b\n")},
      {"mapped",
       release("    x: {y-: {name: a/b, v: r1}}\n", "repository.fluxcd.io/c: x.y-.name, tag.fluxcd.io/c: x.y-.v"), "c",
       "a/b:r2",
       release("    x: {y-: {name: a/b, v: r2}}\n", "repository.fluxcd.io/c: x.y-.name, tag.fluxcd.io/c: x.y-.v")},
      {"mapped in one", release("    x: a/b:1\n", "repository.fluxcd.io/c: x"), "c", "a/b:2",
       release("    x: a/b:2\n", "repository.fluxcd.io/c: x")},
      {"mapped, all three",
       release("    x: {r: q.io, k: b, v: 'r1'}\n",
               "repository.fluxcd.io/c: x.k, registry.fluxcd.io/c: x.r, tag.fluxcd.io/c: x.v"),
       "c", "r.io/b:r2",
       release("    x: {r: r.io, k: b, v: 'r2'}\n",
               "repository.fluxcd.io/c: x.k, registry.fluxcd.io/c: x.r, tag.fluxcd.io/c: x.v")},
      {"an anchor in the values", release("    a: &t v1\n    image: a/b\n    tag: *t\n"), "chart-image", "a/b:v2",
       release("    a: &t v1\n    image: a/b\n    tag: v2\n")},
      {"imageTag, and annotations that say so",
       release("    image: a/b\n    imageTag: v1\n", "repository.fluxcd.io/c: image, tag.fluxcd.io/c: imageTag"), "c",
       "a/b:v2",
       release("    image: a/b\n    imageTag: v2\n", "repository.fluxcd.io/c: image, tag.fluxcd.io/c: imageTag")},
      {"a folded repository", release("    image: >-\n      a/b:v1\n    c: d\n"), "chart-image", "a/b:v2",
       release("    image: >-\n      a/b:v2\n    c: d\n")},
      {"a merge in the values", release("    base: &b {image: a/b, tag: v1}\n    web:\n      <<: *b\n      c: d\n"),
       "web", "a/b:v2",
       release("    base: &b {image: a/b, tag: v1}\n    web:\n      <<: *b\n      c: d\n      tag: v2\n")},
  };
  for (const auto& row : rows) EXPECT_EQ(with_images(row.before, {{row.container, row.image}}), row.after) << row.name;
}

TEST(SetImages, RefusesReleasesThatAreNotClear) {
  const struct {
    const char* name;
    std::string before;
    const char* container;
    const char* image;
    std::string message;
  } rows[] = {
      {"imageTag", release("    image: a/b\n    imageTag: v1\n"), "chart-image", "a/b:v2",
       "spec.values.imageTag stands beside spec.values.image, so it is not clear where the tag belongs"},
      {"imageTag below a key", release("    web: {image: a/b, imageTag: 1}\n"), "web", "a/b:v2",
       "spec.values.web.imageTag stands beside spec.values.web.image, so it is not clear where the tag belongs"},
      {"imageTag beside a mapping", release("    image: {repository: a/b}\n    imageTag: v1\n"), "chart-image",
       "a/b:v2", "spec.values.imageTag stands beside spec.values.image, so it is not clear where the tag belongs"},
      {"half of a mapping", release("    web: {image: a/b}\n    v: v1\n", "tag.fluxcd.io/web: v"), "web", "a/b:v2",
       "annotation tag.fluxcd.io/web is there without repository.fluxcd.io/web"},
      {"half of a mapping, nothing else", release("    v: v1\n", "tag.fluxcd.io/web: v"), "web", "a/b:v2",
       "annotation tag.fluxcd.io/web is there without repository.fluxcd.io/web"},
      {"a path to nothing", release("    v: v1\n", "repository.fluxcd.io/web: x.q"), "web", "a/b:v2",
       "unable to resolve path(s):\nx.q (annotation repository.fluxcd.io/web): nothing is there"},
      {"a path to a number", release("    v: 1.0\n    r: a/b\n", "repository.fluxcd.io/web: r, tag.fluxcd.io/web: v"),
       "web", "a/b:v2", "unable to resolve path(s):\nv (annotation tag.fluxcd.io/web): it has to be text"},
      {"a registry field for an image without", release("    registry: q.io\n    image: b:v1\n"), "chart-image", "b:v2",
       "b:v2 cannot be written into spec.values.registry: the image has no registry"},
      {"a tag field for a digest", release("    image: b\n    tag: v1\n"), "chart-image", "b@sha256:0a",
       "b@sha256:0a cannot be written into spec.values.tag: it has no tag, or a digest"},
      {"no values", "kind: HelmRelease\nmetadata: {name: a}\n", "chart-image", "b:v2",
       "container chart-image not found in spec.values"},
      {"an image that does not parse", release("    image: a:b:c\n"), "chart-image", "b:v2",
       "container chart-image not found in spec.values"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(with_images(row.before, {{row.container, row.image}}),
              "! updating resource ns:helmrelease/a in a.yaml (document 1, line 1): " + row.message)
        << row.name;
}

TEST(SetImages, FindsTheDocumentAndTheItem) {
  const auto workload = [](const std::string& name, const std::string& image) {
    return "{kind: DaemonSet, metadata: {name: " + name +
           "}, spec: {template: {spec: {containers: [{name: c, image: " + image + "}]}}}}";
  };
  const auto file = [&](const std::string& b, const std::string& d) {
    return "# c\n---\n" + workload("a", "x") + "\n--- # e\nkind: List\nitems:\n- " + workload("b", b) +
           "\n- ~\n- kind: XList\n  items: [{kind: X}, " + workload("d", d) + "]\n...\n---\n" + workload("f", "x");
  };
  EXPECT_EQ(with_images(file("x", "x"), {{"c", "x:2"}}, "b"), file("x:2", "x"));
  EXPECT_EQ(with_images(file("x", "x"), {{"c", "x:2"}}, "d"), file("x", "x:2"));
}

TEST(SetImages, RefusesAFileThatIsAnother) {
  const auto file = pod("      containers: [{name: a, image: x:1}]\n");
  const auto manifest = manifest_in(file, "");
  const std::vector<ContainerUpdate> updates{{"a", {}, ImageRef::parse("x:2").value()}};
  for (const auto* const other :
       {"", "kind: Deployment\nmetadata: {name: b}\n", "a: b\n", "kind: Deployment\n",
        "kind: DaemonSet\nmetadata: {name: a}\n", "kind: Deployment\nmetadata: {name: a, namespace: n}\n"})
    EXPECT_THAT(shown(set_images(other, *manifest, manifest->id_in("ns"), updates)),
                ::testing::HasSubstr("the file says something else there than when it was loaded"))
        << other;
  const auto broken = set_images(file + "\n\t{{ x }}: y\n", *manifest, manifest->id_in("ns"), updates);
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().help, ::testing::HasSubstr("templates")) << broken.error().message;
}

TEST(UpdatePolicies, KeepsHowTheyAreSpelled) {
  const auto with = [](const std::string& annotations) {
    return "kind: Deployment\nmetadata:\n  name: a\n  annotations:\n" + annotations +
           "spec: {template: {spec: {containers: [{name: c}, {name: d}], initContainers: [{name: e}]}}}\n";
  };
  const auto without =
      "kind: Deployment\nmetadata:\n  name: a\nspec: {template: {spec: {containers: [{name: c}, {name: d}], "
      "initContainers: [{name: e}]}}}\n";
  const struct {
    const char* name;
    std::string before;
    PolicyUpdate update;
    std::string after;
  } rows[] = {
      {"a new one",
       with("    a: b\n"),
       {{{"automated", "true"}}, {}},
       with("    a: b\n    fluxcd.io/automated: 'true'\n")},
      {"an old spelling",
       with("    flux.weave.works/automated: 'false'\n"),
       {{{"automated", "true"}}, {}},
       with("    flux.weave.works/automated: 'true'\n")},
      {"each spelling of a filter",
       with("    filter.fluxcd.io/c: glob:a\n    flux.weave.works/tag.c: glob:b\n"),
       {{{"tag.c", "glob:x"}}, {}},
       with("    flux.weave.works/tag.c: glob:x\n")},
      {"removal of each spelling",
       with("    fluxcd.io/tag.c: a\n    filter.fluxcd.io/c: a\n    flux.weave.works/tag.c: b\n    d: e\n"),
       {{}, {{"tag.c", ""}}},
       with("    d: e\n")},
      {"a filter of a container called like a policy",
       with("    filter.fluxcd.io/automated: a\n"),
       {{{"automated", "true"}}, {}},
       with("    filter.fluxcd.io/automated: a\n    fluxcd.io/automated: 'true'\n")},
      {"removal of all",
       with("    # why\n    fluxcd.io/locked: 'true'\n    fluxcd.io/locked_msg: x # y\n"),
       {{}, {{"locked", ""}, {"locked_msg", ""}, {"locked_user", ""}}},
       without},
      {"removal wins", with("    fluxcd.io/a: b\n    c: d\n"), {{{"a", "x"}}, {{"a", ""}}}, with("    c: d\n")},
      {"an empty value", with("    fluxcd.io/a: b\n    c: d\n"), {{{"a", ""}}, {}}, with("    c: d\n")},
      {"nothing to do", with("    fluxcd.io/a:   b\n"), {{{"a", "b"}}, {{"c", ""}}}, with("    fluxcd.io/a:   b\n")},
      {"a boolean that is no text",
       with("    fluxcd.io/automated: true\n"),
       {{{"automated", "true"}}, {}},
       with("    fluxcd.io/automated: 'true'\n")},
      {"tag_all",
       with("    a: b\n    fluxcd.io/tag.c: x\n"),
       {{{"tag_all", "glob:v*"}, {"tag.d", "semver:~1"}}, {}},
       with("    a: b\n    fluxcd.io/tag.c: glob:v*\n    fluxcd.io/tag.d: semver:~1\n    fluxcd.io/tag.e: glob:v*\n")},
      {"tag_all of everything",
       with("    a: b\n    fluxcd.io/tag.c: x\n    fluxcd.io/tag.d: x\n"),
       {{{"tag_all", "glob:*"}, {"tag.d", "semver:~1"}}, {}},
       with("    a: b\n    fluxcd.io/tag.d: semver:~1\n")},
      {"removal of tag_all", with("    a: b\n    fluxcd.io/tag_all: x\n"), {{}, {{"tag_all", ""}}}, with("    a: b\n")},
      {"values that need care",
       without,
       {{{"locked_msg", "a=b, c: 'd' #1"}, {"locked_user", "line\nline"}, {"tag.c", "semver:>=1, <2"}}, {}},
       "kind: Deployment\nmetadata:\n  name: a\n  annotations:\n    fluxcd.io/locked_msg: 'a=b, c: ''d'' #1'\n    "
       "fluxcd.io/locked_user: \"line\\nline\"\n    fluxcd.io/tag.c: semver:>=1, <2\n" +
           std::string(without).substr(37)},
      {"no workload",
       "kind: Service\nmetadata: {name: a}\n",
       {{{"automated", "true"}}, {}},
       "! resource ns:service/a does not have containers"},
      {"a comment after the last one",
       with("    a: b # c\n    # d\n"),
       {{{"automated", "false"}}, {}},
       with("    a: b # c\n    fluxcd.io/automated: 'false'\n    # d\n")},
      {"empty brackets",
       "kind: Deployment\nmetadata:\n  annotations: {}\n  name: a\n",
       {{{"automated", "true"}}, {}},
       "kind: Deployment\nmetadata:\n  annotations: {fluxcd.io/automated: 'true'}\n  name: a\n"},
      {"a null",
       "kind: Deployment\nmetadata:\n  annotations: null # c\n  name: a\n",
       {{{"automated", "true"}}, {}},
       "kind: Deployment\nmetadata:\n  annotations: # c\n    fluxcd.io/automated: 'true'\n  name: a\n"},
      {"metadata in brackets",
       "kind: Deployment\nmetadata: {name: a}\n",
       {{{"automated", "true"}}, {}},
       "kind: Deployment\nmetadata: {name: a, annotations: {fluxcd.io/automated: 'true'}}\n"},
      {"the last in brackets",
       "kind: Deployment\nmetadata: {name: a, annotations: {fluxcd.io/a: b}}\n",
       {{}, {{"a", ""}}},
       "kind: Deployment\nmetadata: {name: a}\n"},
      {"JSON in lines, the last one",
       "{\n  \"kind\": \"Deployment\",\n  \"metadata\": {\n    \"annotations\": {\n      \"fluxcd.io/a\": \"b\"\n    "
       "},\n    \"name\": \"a\"\n  }\n}\n",
       {{}, {{"a", ""}}},
       "{\n  \"kind\": \"Deployment\",\n  \"metadata\": {\n    \"name\": \"a\"\n  }\n}\n"},
      {"an item of a list, annotations first",
       "kind: List\nitems:\n- kind: Deployment\n  metadata:\n    annotations:\n      fluxcd.io/a: b\n    name: a\n",
       {{}, {{"a", ""}}},
       "kind: List\nitems:\n- kind: Deployment\n  metadata:\n    name: a\n"},
      {"annotations that others share",
       "kind: Deployment\nmetadata: {name: a, annotations: &x {a: b}}\nspec: {template: {metadata: {annotations: "
       "*x}}}\n",
       {{{"automated", "true"}}, {}},
       "! updating resource ns:deployment/a in a.yaml (document 1, line 1): line 2: "
       "metadata.annotations.fluxcd.io/automated "
       "is shared through the anchor &x, which line 3 uses: a change would be one there, too"},
      {"annotations that a merge brings",
       "kind: Deployment\nx: &x {annotations: {a: b}}\nmetadata:\n  <<: *x\n  name: a\n",
       {{{"automated", "true"}}, {}},
       "! updating resource ns:deployment/a in a.yaml (document 1, line 1): line 2: "
       "metadata.annotations.fluxcd.io/automated "
       "is shared through the anchor &x, which line 4 uses: a change would be one there, too"},
      {"annotations with a merge",
       "kind: Deployment\nx: &x {a: b}\nmetadata:\n  name: a\n  annotations:\n    <<: *x\n    c: d\n",
       {{{"automated", "true"}}, {}},
       "kind: Deployment\nx: &x {a: b}\nmetadata:\n  name: a\n  annotations:\n    <<: *x\n    c: d\n    "
       "fluxcd.io/automated: 'true'\n"},
      {"annotations that are an alias",
       "kind: Deployment\nx: &x {a: b}\nmetadata: {name: a, annotations: *x}\n",
       {{{"automated", "true"}}, {}},
       "! updating resource ns:deployment/a in a.yaml (document 1, line 1): line 2: metadata.annotations is shared "
       "through "
       "the anchor &x, which line 3 uses: a change would be one there, too"},
  };
  for (const auto& row : rows) EXPECT_EQ(with_policies(row.before, row.update), row.after) << row.name;
}

TEST(UpdatePolicies, KnowsTheContainersOfARelease) {
  const auto after =
      with_policies(release("    image: a/b:1\n    web: {image: a/c}\n", "a: b"), {{{"tag_all", "glob:v*"}}, {}});
  EXPECT_EQ(after, release("    image: a/b:1\n    web: {image: a/c}\n",
                           "a: b, fluxcd.io/tag.chart-image: glob:v*, fluxcd.io/tag.web: glob:v*"));
}

TEST(Edits, RefuseWhatIsEncrypted) {
  const auto file = pod("      containers: [{name: a, image: x:1}]\n") + "sops: {mac: 'ENC[AES256_GCM,data:x]'}\n";
  EXPECT_THAT(with_images(file, {{"a", "x:2"}}), ::testing::HasSubstr("encrypted with sops"));
  EXPECT_THAT(with_policies(file, {{{"automated", "true"}}, {}}), ::testing::HasSubstr("encrypted with sops"));
  EXPECT_THAT(with_images(pod("      containers: [{name: a, image: 'ENC[AES256_GCM,data:x]'}]\n"), {{"a", "x:2"}}),
              ::testing::HasSubstr("encrypted with sops"));
}

}  // namespace edit_test
}  // namespace flux::manifests
