#include "sync/leftovers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace flux::sync {
namespace leftovers_test {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<FieldPath> contradicted(const char* api_version, const char* kind, const std::string& rest) {
  Manifest manifest;
  manifest.type = {api_version, kind};
  manifest.rest = rest;
  return contradicted_fields(manifest);
}

TEST(Leftovers, AreTheSiblingsThatADiscriminatorExcludes) {
  EXPECT_THAT(contradicted("apps/v1", "Deployment", R"({"spec":{"strategy":{"type":"Recreate"}}})"),
              ElementsAre(FieldPath{"f:spec", "f:strategy", "f:rollingUpdate"}));
  EXPECT_THAT(contradicted("apps/v1", "StatefulSet", R"({"spec":{"updateStrategy":{"type":"OnDelete"}}})"),
              ElementsAre(FieldPath{"f:spec", "f:updateStrategy", "f:rollingUpdate"}));
  const auto pod = [](const std::string& volumes) { return R"({"template":{"spec":{"volumes":[)" + volumes + "]}}}"; };
  const auto volumes = pod(R"({"name":"x","secret":{}},{"name":"y"},{"name":"z","emptyDir":{}},{"secret":{}},7)");
  EXPECT_THAT(contradicted("apps/v1", "DaemonSet", R"({"spec":)" + volumes + "}"),
              ElementsAre(FieldPath{"f:spec", "f:template", "f:spec", "f:volumes", R"(k:{"name":"x"})", "f:emptyDir"}));
  EXPECT_EQ(contradicted("batch/v1", "CronJob", R"({"spec":{"jobTemplate":{"spec":)" + volumes + "}}}").size(), 1U);
}

TEST(Leftovers, AreNoneElsewhere) {
  for (const auto* rest :
       {R"({"spec":{"strategy":{"type":"RollingUpdate"}}})", R"({"spec":{"strategy":{}}})", R"({"spec":{}})", "{}",
        "[]", R"({"spec":{"strategy":{"type":"Recreate","rollingUpdate":{"maxSurge":1}}}})",
        R"({"spec":{"template":{"spec":{"volumes":{"name":"x"}}}}})", R"({"spec":7})"})
    EXPECT_THAT(contradicted("apps/v1", "Deployment", rest), IsEmpty()) << rest;
  EXPECT_THAT(contradicted("example.org/v1", "Deployment", R"({"spec":{"strategy":{"type":"Recreate"}}})"), IsEmpty());
}

SortedJson managed_after(const std::string& object, const std::vector<FieldPath>& paths) {
  const auto patch = claim_patch(object, paths);
  if (!patch) return nullptr;
  const auto json = parse_sorted_json(*patch).value();
  EXPECT_EQ(json[1], parse_sorted_json(R"({"op":"replace","path":"/metadata/resourceVersion","value":"7"})").value());
  return json[0]["value"];
}

TEST(Leftovers, BecomeOursAlone) {
  const std::string object = R"({"apiVersion":"apps/v1","metadata":{"resourceVersion":"7","managedFields":[
      {"manager":"fluxd","operation":"Apply","fieldsV1":{"f:spec":{"f:strategy":{},"f:replicas":{}}}},
      {"manager":"kubectl-edit","operation":"Update","fieldsV1":{"f:spec":{"f:strategy":{"f:rollingUpdate":{"f:maxSurge":{}}}}}},
      {"manager":"other","operation":"Update","fieldsV1":{"f:spec":{"f:paused":{},"f:strategy":{"f:rollingUpdate":{}}}}},
      {"manager":"fluxd","operation":"Apply","subresource":"scale","fieldsV1":{"f:spec":{"f:replicas":{}}}}]},
    "spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}},"template":{"spec":{"volumes":[
      {"name":"w"},{"name":"x","emptyDir":{}}]}}}})";
  const FieldPath strategy{"f:spec", "f:strategy", "f:rollingUpdate"};
  const FieldPath volume{"f:spec", "f:template", "f:spec", "f:volumes", R"(k:{"name":"x"})", "f:emptyDir"};
  const FieldPath absent{"f:spec", "f:template", "f:spec", "f:volumes", R"(k:{"name":"w"})", "f:emptyDir"};
  EXPECT_EQ(managed_after(object, {strategy, volume, absent}), parse_sorted_json(R"([
      {"manager":"other","operation":"Update","fieldsV1":{"f:spec":{"f:paused":{}}}},
      {"manager":"fluxd","operation":"Apply","subresource":"scale","fieldsV1":{"f:spec":{"f:replicas":{}}}},
      {"manager":"fluxd","operation":"Apply","fieldsV1":{"f:spec":{
          "f:strategy":{".":{},"f:rollingUpdate":{}},"f:replicas":{},
          "f:template":{"f:spec":{"f:volumes":{"k:{\"name\":\"x\"}":{"f:emptyDir":{}}}}}}}}])")
                                                                   .value());
  EXPECT_EQ(claim_patch(object, std::vector<FieldPath>{absent}), std::nullopt);
}

TEST(Leftovers, CanBeShownAsGone) {
  const std::string live =
      R"({"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{}},"template":{"spec":{"volumes":[)"
      R"({"name":"x","emptyDir":{}},{"name":"y","secret":{"mode":1}}]}}}})";
  const std::string body = R"({"spec":{"replicas":2,"strategy":{"type":"Recreate"},"template":{"spec":{"volumes":[)"
                           R"({"name":"x","configMap":{"name":"m"}},{"name":"y","secret":{}}]}}}})";
  const auto paths = fields_in(live, contradicted("apps/v1", "Deployment", body));
  EXPECT_EQ(paths.size(), 2U) << "the secret is no leftover";
  EXPECT_EQ(set_aside(body, paths),
            R"({"spec":{"replicas":2,"template":{"spec":{"volumes":[{"name":"x"},{"name":"y","secret":{}}]}}}})");
  EXPECT_EQ(put_back(live, body, paths),
            R"({"spec":{"strategy":{"type":"Recreate"},"template":{"spec":{"volumes":[)"
            R"({"name":"x","configMap":{"name":"m"}},{"name":"y","secret":{"mode":1}}]}}}})");
}

TEST(Leftovers, BecomeOursWhereNothingWas) {
  const std::string object =
      R"({"apiVersion":"apps/v1","metadata":{"resourceVersion":"7"},"spec":{"strategy":{"rollingUpdate":{}}}})";
  EXPECT_EQ(managed_after(object, {{"f:spec", "f:strategy", "f:rollingUpdate"}}), parse_sorted_json(R"([
      {"manager":"fluxd","operation":"Apply","apiVersion":"apps/v1","fieldsType":"FieldsV1",
       "fieldsV1":{"f:spec":{"f:strategy":{"f:rollingUpdate":{}}}}}])")
                                                                                      .value());
  for (const auto* text : {"", "[]", "{}", R"({"metadata":{"managedFields":7}})"})
    EXPECT_EQ(claim_patch(text, std::vector<FieldPath>{{"f:spec"}}), std::nullopt) << text;
}

}  // namespace leftovers_test
}  // namespace flux::sync
