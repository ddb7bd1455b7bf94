#include "sandbox/schema.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "sandbox/normalise.h"
#include "sandbox/shape.h"

namespace flux::sandbox {
namespace schema_test {

TEST(Quantity, IsWrittenAsTheServerWritesIt) {
  const std::pair<const char*, const char*> table[] = {
      {"1000m", "1"}, {"0.5", "500m"},    {"1.5", "1500m"}, {"1024Mi", "1Gi"}, {"1536Mi", "1536Mi"}, {"1e3", "1k"},
      {"100", "100"}, {"1000", "1k"},     {"0", "0"},       {"0.0", "0"},      {"-2000m", "-2"},     {"12E", "12E"},
      {"1Ki", "1Ki"}, {"1.5Gi", "1.5Gi"}, {"none", "none"}, {"", ""},          {"1ee3", "1ee3"},     {"1_0", "1_0"},
  };
  for (const auto& [given, wanted] : table) EXPECT_EQ(canonical_quantity(given), wanted) << given;
}

struct Case {
  const char* name;
  Json given;
  Json wanted;
  std::vector<std::string> unknown;
};

TEST(Normalise, KeepsWhatTheServerWouldKeep) {
  const Case table[] = {
      {"nulls and empty maps go",
       {{"env", nullptr}, {"args", Json::array()}, {"name", "a"}},
       {{"name", "a"}, {"resources", Json::object()}},
       {}},
      {"zero equals absence", {{"tty", false}, {"image", ""}}, {{"resources", Json::object()}}, {}},
      {"a pointer to false stays",
       {{"securityContext", {{"privileged", false}}}},
       {{"securityContext", {{"privileged", false}}}, {"resources", Json::object()}},
       {}},
      {"quantities become canonical",
       {{"resources", {{"limits", {{"cpu", "1000m"}, {"memory", 1024}}}}}},
       {{"resources", {{"limits", {{"cpu", "1"}, {"memory", "1024"}}}}}},
       {}},
      {"unknown fields are told and dropped",
       {{"imge", "x"}, {"ports", {{{"prt", 1}}}}},
       {{"ports", {Json::object()}}, {"resources", Json::object()}},
       {"imge", "ports[0].prt"}},
  };
  for (const auto& test : table) {
    auto value = test.given;
    std::vector<std::string> unknown;
    normalise(value, *builtin_types().find("Container"), "", unknown);
    EXPECT_EQ(value, test.wanted) << test.name;
    EXPECT_EQ(unknown, test.unknown) << test.name;
  }
}

TEST(Shape, SaysWhereAValueHasTheWrongType) {
  const auto& type = *builtin_types().find("Deployment");
  EXPECT_TRUE(
      shape_errors({{"spec", {{"replicas", 1}, {"strategy", {{"rollingUpdate", {{"maxSurge", "25%"}}}}}}}}, type)
          .empty());
  EXPECT_EQ(shape_errors({{"spec", {{"replicas", "two"}}}}, type),
            std::vector<std::string>{".spec.replicas: expected numeric (int or float), got string"});
  EXPECT_EQ(shape_errors({{"metadata", {{"labels", {{"a", 1}}}}}}, type),
            std::vector<std::string>{".metadata.labels.a: expected string, got &value.valueUnstructured{Value:1}"});
}

TEST(CustomSchema, BecomesAType) {
  TypeSet set;
  const auto schema = parse_sorted_json(R"({"type":"object","properties":{
      "list":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["id"],
              "items":{"type":"object","properties":{"id":{"type":"string"},"zone":{"type":"string","default":"a"}}}},
      "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
      "mode":{"type":"string","default":"fast"}}})")
                          .value();
  const auto* type = type_of_schema(set, schema);
  EXPECT_EQ(type->member("list")->list, Type::ListForm::map);
  EXPECT_EQ(type->member("list")->keys.front().name, "id");
  EXPECT_EQ(type->member("other"), nullptr);
  EXPECT_NE(type->member("free")->member("anything"), nullptr);
  Json value = {{"list", {{{"id", "1"}}}}};
  fill_defaults(value, *type);
  EXPECT_EQ(value, (Json{{"mode", "fast"}, {"list", {{{"id", "1"}, {"zone", "a"}}}}}));
}

}  // namespace schema_test
}  // namespace flux::sandbox
