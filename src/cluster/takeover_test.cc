#include "cluster/takeover.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace flux::cluster {
namespace takeover_test {

Json object_with(const Json& managed, bool annotated = true) {
  Json object = {{"metadata", {{"name", "web"}, {"resourceVersion", "77"}, {"managedFields", managed}}}};
  if (annotated) object["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] = "{}";
  return object;
}

Json entry(const char* manager, const char* operation, const char* fields, const char* subresource = nullptr) {
  Json out = {{"manager", manager},
              {"operation", operation},
              {"apiVersion", "apps/v1"},
              {"fieldsType", "FieldsV1"},
              {"fieldsV1", parse_json(fields).value()}};
  if (subresource != nullptr) out["subresource"] = subresource;
  return out;
}

const Json kKubectl =
    entry("kubectl-client-side-apply", "Update",
          R"({"f:metadata":{"f:annotations":{"f:kubectl.kubernetes.io/last-applied-configuration":{}}},
                                "f:spec":{"f:minReadySeconds":{}}})");
const Json kStatus = entry("kube-controller-manager", "Update", R"({"f:status":{}})", "status");

Json patch_of(const Json& object, bool keep = false) {
  const auto patch = takeover_patch(dump_json(object), "fluxd", keep);
  EXPECT_TRUE(patch && *patch);
  return patch && *patch ? parse_json(**patch).value() : Json();
}

TEST(TakeoverPatch, makes_kubectls_entry_ours_and_keeps_the_others) {
  const auto patch = patch_of(object_with({kKubectl, kStatus}));
  ASSERT_EQ(patch.size(), 2U);
  EXPECT_EQ(patch[0]["path"], "/metadata/managedFields");
  const auto& entries = patch[0]["value"];
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0], kStatus);
  EXPECT_EQ(entries[1]["manager"], "fluxd");
  EXPECT_EQ(entries[1]["operation"], "Apply");
  EXPECT_EQ(entries[1]["apiVersion"], "apps/v1");
  EXPECT_EQ(entries[1]["fieldsV1"], kKubectl["fieldsV1"]);
  EXPECT_EQ(patch[1], Json({{"op", "replace"}, {"path", "/metadata/resourceVersion"}, {"value", "77"}}));
}

TEST(TakeoverPatch, unites_with_what_we_have_already) {
  const auto ours = entry("fluxd", "Apply", R"({"f:spec":{"f:replicas":{}}})");
  const auto other = entry("kubectl", "Update", R"({"f:spec":{"f:replicas":{},"f:template":{"f:spec":{}}}})");
  const auto entries = patch_of(object_with({ours, kKubectl, other}))[0]["value"];
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0]["fieldsV1"]["f:spec"],
            parse_json(R"({"f:replicas":{},"f:minReadySeconds":{},"f:template":{"f:spec":{}}})").value());
  EXPECT_TRUE(entries[0]["fieldsV1"]["f:metadata"]["f:annotations"].contains(
      "f:kubectl.kubernetes.io/last-applied-configuration"));
}

TEST(TakeoverPatch, leaves_the_annotation_to_its_owner_when_asked) {
  auto expected = kKubectl;
  expected["fieldsV1"].erase("f:spec");
  const auto entries = patch_of(object_with({kKubectl, kStatus}), true)[0]["value"];
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0], expected);
  EXPECT_EQ(entries[1], kStatus);
  EXPECT_EQ(entries[2]["manager"], "fluxd");
  EXPECT_EQ(entries[2]["fieldsV1"]["f:spec"], kKubectl["fieldsV1"]["f:spec"]);
  EXPECT_TRUE(entries[2]["fieldsV1"]["f:metadata"]["f:annotations"].empty());
  EXPECT_FALSE(*takeover_patch(dump_json(object_with({expected, kStatus})), "fluxd", true))
      << "nothing is left to take";
  EXPECT_TRUE(*takeover_patch(dump_json(object_with({expected, kStatus})), "fluxd", false));
}

TEST(TakeoverPatch, leaves_everything_else_alone) {
  for (const auto& managed : {Json::array(), Json{kStatus}, Json{entry("kubectl-edit", "Update", R"({"f:spec":{}})")},
                              Json{entry("kubectl", "Apply", R"({"f:spec":{}})")},
                              Json{entry("kubectl", "Update", R"({"f:spec":{}})", "scale")},
                              Json{entry("fluxd", "Apply", R"({"f:spec":{}})")}}) {
    const auto patch = takeover_patch(dump_json(object_with(managed)), "fluxd", false);
    ASSERT_TRUE(patch);
    EXPECT_FALSE(*patch) << managed;
  }
  const auto bare = object_with(Json{entry("before-first-apply", "Update", R"({"f:spec":{}})")}, false);
  EXPECT_FALSE(*takeover_patch(dump_json(bare), "fluxd", false));
}

TEST(TakeoverPatch, takes_what_people_added_with_kubectl_where_told_to) {
  const auto ours = entry("fluxd", "Apply", R"({"f:spec":{"f:replicas":{}}})");
  const auto restart = entry("kubectl-rollout", "Update", R"({"f:spec":{"f:template":{}}})");
  const auto scale = entry("kubectl", "Update", R"({"f:spec":{"f:replicas":{}}})", "scale");
  const auto controller = entry("controller", "Update", R"({"f:spec":{"f:size":{}}})");
  for (const auto& added : {entry("kubectl-edit", "Update", R"({"f:spec":{"f:paused":{}}})"),
                            entry("kubectl-patch", "Update", R"({"f:spec":{"f:paused":{}}})"),
                            entry("kubectl", "Apply", R"({"f:spec":{"f:paused":{}}})")}) {
    const auto object = object_with({ours, restart, scale, controller, added}, false);
    EXPECT_FALSE(*takeover_patch(dump_json(object), "fluxd", true)) << "not told to";
    const auto patch = takeover_patch(dump_json(object), "fluxd", true, true);
    ASSERT_TRUE(patch && *patch);
    const auto entries = (*parse_json(**patch))[0]["value"];
    ASSERT_EQ(entries.size(), 4U);
    EXPECT_EQ(entries[0], restart);
    EXPECT_EQ(entries[1], scale);
    EXPECT_EQ(entries[2], controller);
    EXPECT_EQ(entries[3]["manager"], "fluxd");
    EXPECT_EQ(entries[3]["fieldsV1"]["f:spec"], parse_json(R"({"f:replicas":{},"f:paused":{}})").value());
  }
}

TEST(TakeoverPatch, leaves_people_what_they_told_us_with_kubectl) {
  const auto ours = entry("fluxd", "Apply", R"({"f:spec":{"f:replicas":{}}})");
  const auto told =
      entry("kubectl-annotate", "Update", R"({"f:metadata":{"f:annotations":{".":{},"f:fluxcd.io/ignore":{}}}})");
  EXPECT_FALSE(*takeover_patch(dump_json(object_with({ours, told}, false)), "fluxd", true, true));
  const auto both =
      entry("kubectl-annotate", "Update", R"({"f:metadata":{"f:annotations":{"f:fluxcd.io/ignore":{},"f:note":{}}}})");
  const auto patch = takeover_patch(dump_json(object_with({ours, both}, false)), "fluxd", true, true);
  ASSERT_TRUE(patch && *patch);
  const auto entries = (*parse_json(**patch))[0]["value"];
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0]["fieldsV1"],
            parse_json(R"({"f:metadata":{"f:annotations":{"f:fluxcd.io/ignore":{}}}})").value());
  EXPECT_EQ(entries[1]["fieldsV1"]["f:metadata"]["f:annotations"], parse_json(R"({"f:note":{}})").value());
}

TEST(TakeoverPatch, refuses_what_is_no_object) {
  for (const auto* text : {"", "[]", "{}", R"({"metadata":1})"})
    EXPECT_FALSE(takeover_patch(text, "fluxd", false)) << text;
}

}  // namespace takeover_test
}  // namespace flux::cluster
