// The cases of kind `release` (tests/cases/README.md): what releases and automation make of a repository.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/read_file.h"
#include "daemon/memory_marker.h"
#include "daemon/testing/memory_world.h"
#include "daemon/updates/updater.h"
#include "git/log.h"
#include "git/notes.h"

namespace flux::daemon {
namespace release_cases_test {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(FLUX_CASES))
    if (fs::exists(entry.path() / "release.json")) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

Json read(const fs::path& file) { return parse_json(read_file(file).value()).value(); }

class ReleaseCases : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    given = read(fs::path(FLUX_CASES) / GetParam() / "release.json");
    expected = read(fs::path(FLUX_CASES) / GetParam() / "expect.json");
    world.api->serve({{"helm.fluxcd.io/v1", "HelmRelease"}, "helmreleases", true, true, true, true, true});
    git::testing::Files files;
    for (const auto& [path, text] : given.at("files").items()) files[path] = text.get<std::string>();
    mirror.upstream().commit({.files = files});
    ASSERT_TRUE(mirror.refresh(bounded()));
    for (const auto& [id, containers] : given.at("cluster").items()) run(ResourceId::parse(id).value(), containers);
    options.committer = {"Flux", "flux@test", ""};
    options.notes_ref = "refs/notes/flux";
    updater.emplace(options, UpdateParts{mirror, marker, {"main", git::VerifyMode::none}, reader, cluster});
    updater->use_images(
        [this](const Bounded&) -> KnownImages { return [this](const std::string& name) { return known(name); }; });
  }

  /// What the cluster has.
  void run(const ResourceId& id, const Json& containers) {
    if (id.kind() == "helmrelease") {
      world.api->put(
          "/apis/helm.fluxcd.io/v1/namespaces/" + std::string(id.ns()) + "/helmreleases/" + std::string(id.name()),
          Json{{"apiVersion", "helm.fluxcd.io/v1"},
               {"kind", "HelmRelease"},
               {"metadata", {{"name", id.name()}, {"namespace", id.ns()}}},
               {"spec", {{"values", Json::object()}}}});
      return;
    }
    Json list = Json::array();
    for (const auto& one : containers) list.push_back({{"name", one.at("Name")}, {"image", one.at("Image")}});
    world.api->put("/apis/apps/v1/namespaces/" + std::string(id.ns()) + "/deployments/" + std::string(id.name()),
                   Json{{"apiVersion", "apps/v1"},
                        {"kind", "Deployment"},
                        {"metadata", {{"name", id.name()}, {"namespace", id.ns()}}},
                        {"spec", {{"template", {{"spec", {{"containers", std::move(list)}}}}}}}});
  }
  std::optional<images::Repository> known(const std::string& name) const {
    const auto found = given.at("registry").find(name);
    if (found == given.at("registry").end()) return std::nullopt;
    images::Repository repository;
    for (const auto& tag : *found) {
      const auto text = tag.at("tag").get<std::string>();
      repository.tags.push_back(text);
      repository.images[text].id = ImageRef::parse(name).value().with_tag(text);
      repository.images[text].created_at = parse_timestamp(tag.at("created").get<std::string>());
    }
    repository.last_update = parse_timestamp("2021-01-01T00:00:00Z");
    return repository;
  }
  [[nodiscard]] std::size_t commits() {
    return git::list_commits(bounded(), mirror.upstream(), {.from = {}, .to = "main", .paths = {}}).value().size();
  }
  [[nodiscard]] std::string message() {
    const auto object = mirror.upstream().read_objects(bounded(), {"main"}).value().front();
    return object->bytes.substr(object->bytes.find("\n\n") + 2);
  }
  /// Of somebody else, which nobody has fetched yet.
  void push_meanwhile() {
    auto files = mirror.upstream().files("main");
    files["foreign.txt"] = "theirs";
    mirror.upstream().commit({.files = files});
    mirror.upstream().set_note("flux", "main^{commit}", "theirs");
  }

  void check(const Json& step, const Json& wanted) {
    if (step.contains("before_push")) push_meanwhile();
    if (given.contains("remote_hook"))
      mirror.pushes().fail_next({ErrorKind::server, given.at("remote_hook").get<std::string>(), {}}, 10);
    const auto before = commits();
    const auto pushes = mirror.pushes().calls();
    JobOutcome outcome;
    if (step.value("automation", false)) {
      auto found = updater->find_updates(bounded());
      ASSERT_TRUE(found) << found.error().message;
      const bool is_job = !found->spec.changes.empty();
      EXPECT_EQ(is_job ? 1 : 0, wanted.value("jobs", is_job ? 1 : 0));
      if (is_job) outcome = updater->run(bounded(), "job", {{}, std::move(found->spec)});
    } else {
      const auto spec = update_spec_from_json(step);
      ASSERT_TRUE(spec) << spec.error().message;
      outcome = updater->run(bounded(), "job", *spec);
    }
    const auto made = commits() - before;
    const auto error = outcome.error ? outcome.error->message : std::string();
    EXPECT_THAT(error, HasSubstr(wanted.value("job_error_contains", "")));
    EXPECT_EQ(error.empty(), !wanted.contains("job_error_contains")) << error;
    const auto statuses = wanted.value("status", Json::object());
    const auto errors = wanted.value("error", Json::object());
    for (const auto& [id, status] : statuses.items()) {
      const auto& result = outcome.result.result[ResourceId::parse(id).value()];
      EXPECT_EQ(to_string(result.status), status.get<std::string>()) << id;
      EXPECT_EQ(result.error, errors.value(id, "")) << id;
    }
    if (wanted.contains("commit")) {
      EXPECT_EQ(made > 0, wanted.at("commit").get<bool>());
    }
    if (wanted.contains("commits")) {
      EXPECT_EQ(made, wanted.at("commits").get<std::size_t>());
    }
    if (wanted.contains("pushes_max")) {
      EXPECT_LE(mirror.pushes().calls() - pushes, wanted.at("pushes_max").get<int>());
    }
    if (wanted.contains("commit_message")) {
      auto told = message();
      auto text = wanted.at("commit_message").get<std::string>();
      for (auto* one : {&told, &text}) one->erase(one->find_last_not_of('\n') + 1);
      EXPECT_EQ(told, text);
    }
    check_files(wanted);
  }
  void check_files(const Json& wanted) {
    const auto files = wanted.value("files", Json::object());
    for (const auto& [path, text] : files.items())
      EXPECT_EQ(mirror.upstream().files("main")[path].text, text.get<std::string>()) << path;
  }

  Json given;
  Json expected;
  memory::MemoryWorld world;
  git::testing::MemoryMirror mirror;
  MemoryMarker marker;
  Published<SyncReport> reports;
  RevisionReader reader{{}, "default", {}, world.discovery, reports};
  sync::Cluster cluster{"set", *world.client, world.discovery, world.cache};
  UpdateOptions options;
  std::optional<Updater> updater;
};

TEST_P(ReleaseCases, EndAsTheyShould) {
  const auto& steps = given.at("steps");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    SCOPED_TRACE(i);
    check(steps.at(i), expected.at("steps").at(i));
  }
  if (expected.contains("final")) check_files(expected.at("final"));
}

INSTANTIATE_TEST_SUITE_P(All, ReleaseCases, ::testing::ValuesIn(names()), [](const auto& row) {
  auto name = row.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace release_cases_test
}  // namespace flux::daemon
