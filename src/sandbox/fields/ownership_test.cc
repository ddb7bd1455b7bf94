#include "sandbox/fields/ownership.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "sandbox/fields/managers.h"

namespace flux::sandbox {
namespace ownership_test {

const Type& deployment() { return *builtin_types().find("Deployment"); }
const Ownership& owner() {
  static const Ownership out(deployment(), [] {
    FieldSet reset;
    reset.children["f:status"].member = true;
    return reset;
  }());
  return out;
}
Writer writer(const std::string& name) { return {name, "apps/v1", "", "2026-01-02T03:04:05Z"}; }

Json deployment_with(Json containers, Json labels = nullptr) {
  Json out = {{"apiVersion", "apps/v1"},
              {"kind", "Deployment"},
              {"metadata", {{"name", "web"}}},
              {"spec", {{"template", {{"spec", {{"containers", std::move(containers)}}}}}}}};
  if (!labels.is_null()) out["metadata"]["labels"] = std::move(labels);
  return out;
}
Json container(const char* name, Json more = Json::object()) {
  more["name"] = name;
  return more;
}
Json containers_of(const Json& object) { return object.at("spec").at("template").at("spec").at("containers"); }
/// As the store would hold it: with a uid.
Json applied(const Json& live, const Json& config, const char* manager, bool force = true) {
  auto out = owner().after_apply(live, config, writer(manager), force);
  if (!out) throw std::runtime_error(out.error().message);
  (*out)["metadata"]["uid"] = "u";
  return *out;
}
FieldSet fields_by(const Json& object, const char* manager) {
  for (const auto& entry : Managers::read(object["metadata"]["managedFields"]).entries) {
    if (entry.name == manager) return entry.fields;
  }
  return {};
}
std::vector<std::string> paths_by(const Json& object, const char* manager) {
  return paths_of(fields_by(object, manager));
}

const std::string image_path = ".spec.template.spec.containers[name=\"web\"].image";
Json fresh() { return skeleton_of(deployment()); }

TEST(Apply, RecordsExactlyWhatWasApplied) {
  const auto live = applied(
      fresh(), deployment_with({container("web", {{"image", "a"}, {"ports", {{{"containerPort", 80}}}}})}), "flux");
  const std::vector<std::string> wanted = {
      ".spec.template.spec.containers[name=\"web\"]", image_path, ".spec.template.spec.containers[name=\"web\"].name",
      ".spec.template.spec.containers[name=\"web\"].ports[containerPort=80,protocol=\"TCP\"]",
      ".spec.template.spec.containers[name=\"web\"].ports[containerPort=80,protocol=\"TCP\"].containerPort"};
  EXPECT_EQ(paths_by(live, "flux"), wanted);
}

TEST(Apply, UnchangedLeavesObjectAndTimesAlone) {
  const auto config = deployment_with({container("web", {{"image", "a"}})});
  const auto live = applied(fresh(), config, "flux");
  auto later = writer("flux");
  later.time = "2030-01-01T00:00:00Z";
  const auto again = owner().after_apply(live, config, later, true);
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, live);
}

TEST(Apply, RemovesWhatIsNoLongerApplied) {
  const auto before = deployment_with(
      {container("web", {{"image", "a"}, {"livenessProbe", {{"httpGet", {{"path", "/"}}}}}}), container("side")},
      {{"x", "y"}});
  const auto live =
      applied(applied(fresh(), before, "flux"), deployment_with({container("web", {{"image", "a"}})}), "flux");
  EXPECT_EQ(containers_of(live), Json::array({container("web", {{"image", "a"}})}));
  EXPECT_FALSE(live["metadata"].contains("labels"));
}

TEST(Apply, KeepsWhatOthersOwnToo) {
  const auto config = deployment_with({container("web", {{"image", "a"}})});
  auto live = applied(fresh(), config, "flux");
  live = applied(live, config, "other");
  live = applied(live, deployment_with({container("web")}), "flux");
  EXPECT_EQ(containers_of(live)[0]["image"], "a");
  EXPECT_EQ(paths_by(live, "flux"), (std::vector<std::string>{".spec.template.spec.containers[name=\"web\"]",
                                                              ".spec.template.spec.containers[name=\"web\"].name"}));
}

TEST(Apply, ConflictsNameManagerAndField) {
  auto live = applied(fresh(), deployment_with({container("web", {{"image", "a"}})}), "flux");
  const auto refused =
      owner().after_apply(live, deployment_with({container("web", {{"image", "b"}})}), writer("other"), false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, 409);
  EXPECT_EQ(refused.error().message, "Apply failed with 1 conflict: conflict with \"flux\": " + image_path);
  EXPECT_EQ(refused.error().details["causes"][0]["field"], image_path);
}

TEST(Apply, ForceTakesTheFieldOver) {
  auto live = applied(fresh(), deployment_with({container("web", {{"image", "a"}})}), "flux");
  live = applied(live, deployment_with({container("web", {{"image", "b"}})}), "other");
  EXPECT_EQ(containers_of(live)[0]["image"], "b");
  for (const auto& path : paths_by(live, "flux")) EXPECT_NE(path, image_path);
}

TEST(Apply, KeepsTheOrderOfItsOwnListAndWhatOthersAdded) {
  auto live = applied(fresh(), deployment_with({container("web"), container("side")}), "flux");
  live = applied(live, deployment_with({container("injected")}), "mesh");
  live = applied(live, deployment_with({container("side"), container("web")}), "flux");
  std::vector<std::string> names;
  for (const auto& item : containers_of(live)) names.push_back(item["name"]);
  EXPECT_EQ(names, (std::vector<std::string>{"side", "web", "injected"}));
}

TEST(Apply, OwnsNoStatus) {
  auto config = deployment_with({container("web")});
  config["status"] = {{"replicas", 3}};
  const auto live = applied(fresh(), config, "flux");
  for (const auto& path : paths_by(live, "flux")) EXPECT_FALSE(path.starts_with(".status")) << path;
}

TEST(Apply, WithoutRecordsBlamesWhoCameBefore) {
  auto live = deployment_with({container("web", {{"image", "a"}})});
  live["metadata"]["uid"] = "u";
  const auto next = applied(live, deployment_with({container("web", {{"image", "b"}})}), "flux");
  EXPECT_FALSE(fields_by(next, "before-first-apply").empty());
}

TEST(Apply, StaysTheSameManagerInAnotherVersion) {
  const auto config = deployment_with({container("web", {{"image", "a"}})});
  auto live = applied(fresh(), config, "flux");
  auto newer = writer("flux");
  newer.api_version = "apps/v2";
  const auto next = owner().after_apply(live, deployment_with({container("web")}), newer, false);
  ASSERT_TRUE(next);
  EXPECT_FALSE(containers_of(*next)[0].contains("image"));
  ASSERT_EQ((*next)["metadata"]["managedFields"].size(), 1U);
  EXPECT_EQ((*next)["metadata"]["managedFields"][0]["apiVersion"], "apps/v2");
}

TEST(Update, OwnsWhatItChangesAndTakesItFromOthers) {
  auto live = applied(fresh(), deployment_with({container("web", {{"image", "a"}})}), "flux");
  auto next = live;
  next["spec"]["template"]["spec"]["containers"][0]["image"] = "b";
  next["metadata"]["annotations"] = {{"q", "r"}};
  next["metadata"]["managedFields"] = owner().after_update(live, next, writer("kubectl-edit"));
  EXPECT_EQ(paths_by(next, "kubectl-edit"),
            (std::vector<std::string>{".metadata.annotations", ".metadata.annotations.q", image_path}));
  for (const auto& path : paths_by(next, "flux")) EXPECT_NE(path, image_path);
}

TEST(Update, HonoursManagedFieldsThatTheClientEdited) {
  const auto live = applied(fresh(), deployment_with({container("web")}), "kubectl");
  auto next = live;
  next["metadata"]["managedFields"][0]["manager"] = "flux";
  EXPECT_EQ(Managers::read(owner().after_update(live, next, writer("x"))).entries.front().name, "flux");
  next["metadata"]["managedFields"] = Json::array({Json::object()});
  EXPECT_TRUE(owner().after_update(live, next, writer("x")).empty());
}

TEST(FieldSet, SurvivesItsWireFormat) {
  const auto json =
      parse_sorted_json(
          R"({"f:metadata":{"f:labels":{".":{},"f:a":{}}},"f:spec":{"f:ports":{"k:{\"port\":80}":{".":{},"f:port":{}}},"f:list":{"v:\"x\"":{}}}})")
          .value();
  EXPECT_EQ(to_fields_v1(from_fields_v1(json)), json);
}

TEST(FieldSet, DifferenceDropsMembersNotWhatLiesBelow) {
  const auto set = from_fields_v1(parse_sorted_json(R"({"f:a":{".":{},"f:b":{}}})").value());
  const auto parent = from_fields_v1(parse_sorted_json(R"({"f:a":{}})").value());
  EXPECT_EQ(paths_of(without(set, parent)), std::vector<std::string>{".a.b"});
  EXPECT_TRUE(without_trees(set, parent).empty());
}

TEST(FieldsOf, OwnsAnEmptyMapButNotAnEmptyKeyedList) {
  const auto config =
      deployment_with({container("web", {{"env", Json::array()}, {"args", Json::array()}})}, Json::object());
  const auto item = std::string(".spec.template.spec.containers[name=\"web\"]");
  EXPECT_EQ(paths_of(fields_of(config, deployment())),
            (std::vector<std::string>{".apiVersion", ".kind", ".metadata.labels", ".metadata.name", item,
                                      item + ".args", item + ".name"}));
}

TEST(FieldsOf, RefusesUnknownFieldsAndDoubleItems) {
  std::vector<std::string> errors;
  (void)fields_of(deployment_with({container("web"), container("web", {{"imge", "x"}})}), deployment(), &errors);
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(errors[0], ".spec.template.spec.containers: duplicate entries for key [name=\"web\"]");
  EXPECT_EQ(errors[1], ".spec.template.spec.containers[name=\"web\"].imge: field not declared in schema");
}

}  // namespace ownership_test
}  // namespace flux::sandbox
