#include "manifests/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/test_bounded.h"
#include "base/test_log.h"
#include "manifests/memory_files.h"

namespace flux::manifests {
namespace load_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string config_map(const std::string& name, const std::string& more = "") {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\n" + more;
}

std::vector<std::string> ids(const FileContent& content) {
  std::vector<std::string> out;
  for (const auto& manifest : content.manifests) out.push_back(manifest->written_id().to_string());
  return out;
}

TEST(ParseFile, KeepsWhatIsWritten) {
  const auto content = parse_file("a.yaml", R"(# comment
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  annotations: {fluxcd.io/automated: yes, flux.weave.works/locked: "true"}
spec: {replicas: 0x10}
)");
  ASSERT_THAT(content.problems, ElementsAre());
  ASSERT_EQ(content.manifests.size(), 1U);
  const auto& manifest = *content.manifests[0];
  EXPECT_EQ(manifest.type, (ApiType{"apps/v1", "Deployment"}));
  EXPECT_EQ(manifest.written_id().to_string(), "shop:deployment/web");
  EXPECT_EQ(manifest.policies, (Policies{{"automated", "true"}, {"locked", "true"}}));
  EXPECT_EQ(manifest.rest, R"({"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":16}})");
  EXPECT_EQ(
      manifest.metadata,
      R"({"annotations":{"flux.weave.works/locked":"true","fluxcd.io/automated":true},"name":"web","namespace":"shop"})");
  EXPECT_EQ(manifest.checksum.size(), 40U);
  EXPECT_EQ(manifest.source.to_string(), "a.yaml (document 1, line 2)");
}

TEST(ParseFile, CoercesScalarsToTheirText) {
  const auto content = parse_file(
      "a.yaml", "kind: X\nmetadata: {name: 012, namespace: 1.10, annotations: {fluxcd.io/a: yes, fluxcd.io/b: ~}}\n");
  ASSERT_EQ(content.manifests.size(), 1U);
  EXPECT_EQ(content.manifests[0]->written_id().to_string(), "1.1:x/10");
  EXPECT_EQ(content.manifests[0]->policies, (Policies{{"a", "true"}, {"b", ""}}));
}

TEST(ParseFile, SkipsWhatHasNoKind) {
  EXPECT_THAT(ids(parse_file("a.yaml", "---\n---\nversion: 1\n---\nkind: ''\n---\nkind: ~\n")), ElementsAre());
}

TEST(ParseFile, ExpandsListsToAnyDepth) {
  const auto content = parse_file("a.yaml", R"(kind: List
metadata: {annotations: {fluxcd.io/ignore: 'true'}}
items:
- {kind: A, metadata: {name: a}}
- kind: FooList
  items: [{kind: B, metadata: {name: b}}, {nokind: 1}, ~]
- {kind: IPAllowList, metadata: {name: c}}
)");
  EXPECT_THAT(content.problems, ElementsAre());
  EXPECT_THAT(ids(content), ElementsAre("<cluster>:a/a", "<cluster>:b/b", "<cluster>:ipallowlist/c"));
  EXPECT_EQ(content.manifests[1]->source.line, 6);
  EXPECT_THAT(content.manifests[0]->policies, testing::IsEmpty());
}

std::vector<std::uint32_t> place_of(const Manifest& manifest) {
  const auto items = manifest.source.items();
  return {items.begin(), items.end()};
}

TEST(ParseFile, RemembersThePlaceInAList) {
  const auto content = parse_file("a.yaml", R"(kind: A
metadata: {name: alone}
---
kind: List
items:
- ~
- {kind: A, metadata: {name: first}}
- kind: FooList
  items:
  - {kind: List, items: [{nokind: 1}, &b {kind: B, metadata: {name: inner}}]}
  - {kind: B, metadata: {name: outer}}
- {kind: A, metadata: {name: last}}
)");
  ASSERT_EQ(content.manifests.size(), 5U);
  const struct {
    const char* name;
    std::vector<std::uint32_t> items;
  } rows[] = {{"alone", {}}, {"first", {1}}, {"inner", {2, 0, 1}}, {"outer", {2, 1}}, {"last", {3}}};
  for (std::size_t i = 0; i < content.manifests.size(); ++i) {
    EXPECT_EQ(content.manifests[i]->name, rows[i].name);
    EXPECT_EQ(place_of(*content.manifests[i]), rows[i].items) << rows[i].name;
    EXPECT_EQ(content.manifests[i]->source.file(), "a.yaml");
  }
  EXPECT_EQ(content.manifests[0]->source.detail, nullptr) << "most manifests pay nothing";
}

TEST(ParseFile, AnItemHasTheChecksumOfItsOwnDocument) {
  const auto item = parse_file("a.yaml", "kind: List\nitems:\n- {kind: A, metadata: {name: a}}\n");
  const auto alone = parse_file("b.yaml", "metadata:\n  name: a\nkind: A\n");
  ASSERT_EQ(item.manifests.size() + alone.manifests.size(), 2U);
  EXPECT_EQ(item.manifests[0]->checksum, alone.manifests[0]->checksum);
}

TEST(ParseFile, FindsEachProblem) {
  const auto content = parse_file("a.yaml",
                                  "just text\n---\nkind: A\nmetadata: [x]\n---\nkind: [B]\n---\nkind: C\n"
                                  "metadata: {annotations: {a: {b: c}}}\n---\nkind: List\nitems: {a: b}\n"
                                  "---\nkind: HelmRelease\nspec: {values: text}\n---\na: [\n");
  EXPECT_THAT(
      content.problems,
      ElementsAre(
          R"(parsing YAML doc from "a.yaml": line 1: the document is not an object (document 1))",
          R"(parsing YAML doc from "a.yaml": line 4: metadata has to be a mapping (document 2))",
          R"(parsing YAML doc from "a.yaml": line 6: kind has to be a scalar, not a sequence (document 3))",
          R"(parsing YAML doc from "a.yaml": line 9: metadata.annotations.a has to be a scalar, not a mapping (document 4))",
          R"(parsing YAML doc from "a.yaml": line 12: items of a List has to be a sequence (document 5))",
          R"(parsing YAML doc from "a.yaml": line 15: spec.values has to be a mapping (document 6))",
          StartsWith(R"(scanning multidoc from "a.yaml": yaml: line )")));
  EXPECT_TRUE(content.manifests.empty());
}

TEST(ParseFile, LoadsSopsFilesAsTheyAre) {
  EXPECT_THAT(ids(parse_file("a.yaml", config_map("a", "sops: {mac: x}\n"))), ElementsAre("<cluster>:configmap/a"));
}

std::map<std::string, std::string> ids_of(const Files& files) {
  std::map<std::string, std::string> out;
  for (const auto& manifest : manifests_of(files))
    out[manifest->source.path] += manifest->written_id().to_string() + " ";
  return out;
}

TEST(Loader, ReadsOnFromASourceThatGivesAFewAtATime) {
  MemoryFiles files({{"a.yaml", config_map("a")},
                     {"b.yaml", config_map("b")},
                     {"c.yaml", "-> d/c.txt"},
                     {"d/c.txt", config_map("c")},
                     {"e.yaml", "-> d/e.txt"},
                     {"d/e.txt", config_map("e")}});
  files.at_a_time = 1;
  Loader loader;
  const auto loaded = loader.load(bounded(), files, {});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(manifests_of(*loaded).size(), 4U);
  EXPECT_EQ(files.reads, 4);
}

TEST(Loader, ParsesOnlyWhatChanged) {
  MemoryFiles files({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}});
  Loader loader;
  const auto first = loader.load(bounded(), files, {});
  ASSERT_TRUE(first);
  EXPECT_EQ(loader.parsed(), 2U);
  files.files["b.yaml"] = config_map("c");
  files.reads = 0;
  const auto second = loader.load(bounded(), files, {});
  ASSERT_TRUE(second);
  EXPECT_EQ(loader.parsed(), 1U);
  EXPECT_EQ(files.reads, 1);
  EXPECT_EQ(manifests_of(*first)[0], manifests_of(*second)[0]) << "the same manifest is shared";
  EXPECT_EQ(manifests_of(*second)[1]->name, "c");
}

TEST(Loader, SharesWhatIsNotChanged) {
  MemoryFiles files({{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}, {"README.md", "1"}});
  Loader loader;
  const auto first = loader.load(bounded(), files, {}).value();
  files.files["README.md"] = "2";
  EXPECT_TRUE(loader.load(bounded(), files, {}).value().shares_all_with(first));
  files.files.erase("b.yaml");
  const auto less = loader.load(bounded(), files, {}).value();
  EXPECT_EQ(less.size(), 1U);
  files.files["c.yaml"] = config_map("a");
  EXPECT_FALSE(loader.load(bounded(), files, {}));
  EXPECT_FALSE(loader.load(bounded(), files, {})) << "the same mistake is told again";
  files.files.erase("c.yaml");
  EXPECT_EQ(loader.load(bounded(), files, {}).value().size(), 1U);
}

TEST(Loader, ForgetsWhatIsNoLongerUsed) {
  MemoryFiles files({{"a.yaml", config_map("a")}});
  Loader loader;
  std::weak_ptr<const Manifest> kept = manifests_of(loader.load(bounded(), files, {}).value()).front();
  EXPECT_FALSE(kept.expired());
  files.files.clear();
  ASSERT_TRUE(loader.load(bounded(), files, {}));
  EXPECT_TRUE(kept.expired());
}

TEST(Loader, AFileThatMovedHasItsNewSource) {
  MemoryFiles files({{"a.yaml", config_map("a")}});
  Loader loader;
  ASSERT_TRUE(loader.load(bounded(), files, {}));
  files.files = {{"b.yaml", config_map("a")}};
  EXPECT_EQ(manifests_of(loader.load(bounded(), files, {}).value()).front()->source.path, "b.yaml");
}

TEST(Loader, KnowsTheFileBehindALink) {
  MemoryFiles files({{"apps/a.yaml", "-> ../real/a.txt"},
                     {"apps/b.yaml", config_map("b")},
                     {"linked", "-> real"},
                     {"real/a.txt", config_map("a")},
                     {"real/c.yaml", "kind: List\nitems: [{kind: A, metadata: {name: c}}]\n"}});
  Loader loader;
  const std::vector<std::string> paths{"apps", "linked"};
  const auto loaded = loader.load(bounded(), files, paths);
  ASSERT_TRUE(loaded) << loaded.error().message;
  const auto manifests = manifests_of(*loaded);
  ASSERT_EQ(manifests.size(), 3U);
  const struct {
    const char* path;
    const char* file;
  } rows[] = {{"apps/a.yaml", "real/a.txt"}, {"apps/b.yaml", "apps/b.yaml"}, {"linked/c.yaml", "real/c.yaml"}};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(manifests[i]->source.path, rows[i].path);
    EXPECT_EQ(manifests[i]->source.file(), rows[i].file);
  }
  EXPECT_EQ(place_of(*manifests[2]), (std::vector<std::uint32_t>{0}));
}

TEST(Loader, NoticesThatALinkLeadsElsewhereToTheSameContent) {
  MemoryFiles files({{"a.yaml", "-> x"}, {"x", config_map("a")}, {"y", config_map("a")}});
  Loader loader;
  const auto file = [&] { return manifests_of(loader.load(bounded(), files, {}).value()).front()->source.file(); };
  EXPECT_EQ(file(), "x");
  files.files["a.yaml"] = "-> y";
  EXPECT_EQ(file(), "y");
  files.files["a.yaml"] = config_map("a");
  EXPECT_EQ(file(), "a.yaml");
}

TEST(Loader, NamesEachBrokenFile) {
  MemoryFiles files({{"a.yaml", "text"}, {"b.yaml", config_map("b")}, {"c.yaml", "a: [\n"}});
  Loader loader;
  const auto loaded = loader.load(bounded(), files, {});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, ErrorKind::user);
  EXPECT_THAT(loaded.error().message, StartsWith(R"(parsing YAML doc from "a.yaml": )"));
  EXPECT_THAT(loaded.error().message, HasSubstr("\nscanning multidoc from \"c.yaml\": yaml: line "));
  EXPECT_FALSE(loaded.error().help.empty());
}

TEST(Loader, NamesTwentyProblemsAtMost) {
  std::map<std::string, std::string> broken;
  for (int i = 100; i < 125; ++i) broken[fmt::format("{}.yaml", i)] = "text";
  MemoryFiles files(broken);
  Loader loader;
  const auto message = loader.load(bounded(), files, {}).error().message;
  EXPECT_EQ(std::ranges::count(message, '\n'), 20);
  EXPECT_THAT(message, testing::EndsWith("\nand 5 more"));
  EXPECT_THAT(message, Not(HasSubstr("120.yaml")));
}

TEST(Loader, NamesBothSourcesOfADuplicate) {
  MemoryFiles files({{"a.yaml", config_map("x")}, {"b.yaml", config_map("x")}});
  Loader loader;
  EXPECT_THAT(loader.load(bounded(), files, {}).error().message,
              StartsWith("duplicate definition of '<cluster>:configmap/x' (in a.yaml and b.yaml)"));
}

TEST(Loader, NamesTheSourceOfADuplicateWithinAFileOnce) {
  MemoryFiles files({{"a.yaml", config_map("x") + "---\n" + config_map("x")}});
  Loader loader;
  EXPECT_THAT(loader.load(bounded(), files, {}).error().message,
              StartsWith("duplicate definition of '<cluster>:configmap/x' (in a.yaml)"));
}

TEST(Loader, TakesTwoKindsOfOneNameForTwoResources) {
  const std::string other = "apiVersion: example.org/v1\nkind: ConfigMap\nmetadata: {name: x}\n";
  MemoryFiles files({{"a.yaml", config_map("x")}, {"b.yaml", other}});
  const auto loaded = Loader().load(bounded(), files, {});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(manifests_of(*loaded).size(), 2U);
}

TEST(Loader, OverlappingPathsAreReadOnceAndToldOnce) {
  const KeptLog log;
  MemoryFiles files({{"d/a.yaml", config_map("x")}});
  Loader loader;
  const std::vector<std::string> paths{"d", "d/a.yaml"};
  const auto loaded = loader.load(bounded().with_log(log.log()), files, paths);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(manifests_of(*loaded).size(), 1U);
  const auto told = log.text();
  EXPECT_THAT(told, HasSubstr("paths=d/a.yaml"));
  ASSERT_TRUE(loader.load(bounded().with_log(log.log()), files, paths));
  EXPECT_EQ(log.text(), told);
  files.files["d/a.yaml"] = config_map("z");
  const FileChange change{"d/a.yaml", files.files["d/a.yaml"]};
  const auto followed = loader.follow(bounded(), files, {&change, 1});
  ASSERT_TRUE(followed && *followed);
  EXPECT_EQ(manifests_of(**followed).at(0)->name, "z");
}

TEST(Loader, NamelessFilesOfOneKindCollide) {
  const std::string text = "apiVersion: example.org/v1\nkind: Thing\n";
  MemoryFiles files({{"a/x.yaml", text}, {"b/x.yaml", text}});
  Loader loader;
  EXPECT_THAT(loader.load(bounded(), files, {}).error().message,
              StartsWith("duplicate definition of '<cluster>:thing/' (in a/x.yaml and "));
}

TEST(ParseFile, PassesOverFilesForKustomize) {
  for (const auto* text : {"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n",
                           "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nmetadata: {name: a}\n",
                           "kind: Kustomization\n"}) {
    const auto content = parse_file("kustomization.yaml", text);
    EXPECT_THAT(content.problems, ElementsAre()) << text;
    EXPECT_THAT(ids(content), ElementsAre()) << text;
    ASSERT_TRUE(content.remarks) << text;
    EXPECT_THAT(content.remarks->passed_over, ElementsAre(HasSubstr("kustomize"))) << text;
  }
  const auto other = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n";
  EXPECT_THAT(ids(parse_file("a.yaml", other)), ElementsAre("<cluster>:kustomization/a"));
}

TEST(ParseFile, SaysWhatAPointerOfGitLfsIs) {
  const auto content =
      parse_file("a.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n");
  EXPECT_THAT(content.problems, ElementsAre(HasSubstr("Git LFS")));
}

/// What two revisions of one file map have not in common.
std::vector<FileChange> changes(const std::map<std::string, std::string>& before,
                                const std::map<std::string, std::string>& after) {
  std::vector<FileChange> out;
  for (const auto& [path, text] : before)
    if (!after.contains(path)) out.push_back({path, ""});
  for (const auto& [path, text] : after)
    if (const auto was = before.find(path); was == before.end() || was->second != text) out.push_back({path, text});
  return out;
}

TEST(Loader, FollowsChangesToWhatALoadWouldSay) {
  std::minstd_rand random(7);
  const std::vector<std::string> paths{"d", "e"};
  MemoryFiles files({{"d/0.yaml", config_map("zero")}, {"e/0.yaml", config_map("e")}});
  Loader loader;
  ASSERT_TRUE(loader.load(bounded(), files, paths));
  int followed = 0;
  for (int i = 0; i < 300; ++i) {
    const auto before = files.files;
    const auto number = std::to_string(random() % 12);
    const auto path = std::vector<std::string>{"d/", "d/x/", "e/", "other/"}[random() % 4] + number + ".yaml";
    switch (random() % 40) {
      case 0:
      case 1:
      case 2:
      case 8:
      case 9:
      case 10:
        files.files.erase(path);
        break;
      case 3:
        files.files["d/x/values.yaml"] = "a: 1";
        break;
      case 4:
        files.files["d/x/Chart.yaml"] = "a: 1";
        break;
      case 5:
        files.files.erase("d/x/values.yaml");
        break;
      case 6:
        files.files["d/broken.yaml"] = "a: [";
        break;
      case 7:
        files.files.erase("d/broken.yaml");
        break;
      default:
        files.files[path] = config_map(path) + "data: {n: '" + std::to_string(random() % 9) + "'}\n";
    }
    const auto next = loader.follow(bounded(), files, changes(before, files.files));
    ASSERT_TRUE(next);
    Loader fresh;
    const auto loaded = fresh.load(bounded(), files, paths);
    if (*next) {
      ++followed;
      // Duplicates are left to who knows the namespaces.
      if (!loaded && loaded.error().message.starts_with("duplicate")) continue;
      ASSERT_TRUE(loaded) << loaded.error().message;
      ASSERT_EQ(ids_of(**next), ids_of(*loaded));
    } else {
      (void)loader.load(bounded(), files, paths);
    }
  }
  EXPECT_GT(followed, 50);
}

TEST(Loader, GivesTheStoresErrorAsItIs) {
  MemoryFiles files({{"a.yaml", config_map("x")}});
  files.broken = true;
  Loader loader;
  EXPECT_EQ(loader.load(bounded(), files, {}).error().kind, ErrorKind::server);
}

TEST(Loader, StopsWhenItsContextIsDone) {
  MemoryFiles files({{"a.yaml", config_map("x")}});
  std::stop_source stop;
  stop.request_stop();
  Loader loader;
  EXPECT_EQ(loader.load(bounded(stop.get_token()), files, {}).error().kind, ErrorKind::cancelled);
}

TEST(Load, TellsOnceWhatIsLeftOut) {
  const KeptLog log;
  const auto context = bounded().with_log(log.log());
  const std::string exported = "metadata: {name: a, uid: x}\nkind: ConfigMap\napiVersion: v1\n";
  MemoryFiles files({{"a.yaml", exported}, {"b.yaml", config_map("b")}});
  Loader loader;
  ASSERT_TRUE(loader.load(context, files, {}));
  const auto told = log.text();
  EXPECT_THAT(told, HasSubstr("source=a.yaml fields=metadata.uid"));
  EXPECT_THAT(told, Not(HasSubstr("b.yaml")));
  ASSERT_TRUE(loader.load(context, files, {}));
  EXPECT_EQ(log.text(), told);
  files.files["b.yaml"] = config_map("b") + "status: {c: d}\n";
  const FileChange change{"b.yaml", files.files["b.yaml"]};
  ASSERT_TRUE(loader.follow(context, files, {&change, 1}).value());
  EXPECT_THAT(log.text().substr(told.size()), HasSubstr("source=b.yaml fields=status"));
  EXPECT_EQ(log.text().find("a.yaml", told.size()), std::string::npos);

  const auto told_of_both = log.text();
  files.files["a.yaml"] = exported + "data: {e: f}\n";
  const FileChange edit{"a.yaml", files.files["a.yaml"]};
  ASSERT_TRUE(loader.follow(context, files, {&edit, 1}).value());
  EXPECT_EQ(log.text(), told_of_both);
}

}  // namespace load_test
}  // namespace flux::manifests
