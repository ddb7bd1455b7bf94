#include <gtest/gtest.h>

#include "base/json.h"
#include "sandbox/patch/plain.h"
#include "sandbox/patch/strategic.h"

namespace flux::sandbox {
namespace patch_test {

struct Case {
  const char* name;
  const char* object;
  const char* patch;
  const char* wanted;
};

TEST(StrategicMerge, FollowsTheTypesOfTheFields) {
  const Case table[] = {
      {"items merge by their key", R"({"containers":[{"name":"a","image":"1"},{"name":"b"}]})",
       R"({"containers":[{"name":"a","image":"2"}]})", R"({"containers":[{"name":"a","image":"2"},{"name":"b"}]})"},
      {"items nest", R"({"containers":[{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]}]})",
       R"({"containers":[{"name":"a","env":[{"name":"X","$patch":"delete"}]}]})",
       R"({"containers":[{"name":"a","env":[{"name":"Y","value":"2"}]}]})"},
      {"a list is replaced on request", R"({"containers":[{"name":"a"},{"name":"b"}]})",
       R"({"containers":[{"$patch":"replace"},{"name":"c"}]})", R"({"containers":[{"name":"c"}]})"},
      {"lists without a key are replaced", R"({"tolerations":[{"key":"a"}]})", R"({"tolerations":[{"key":"b"}]})",
       R"({"tolerations":[{"key":"b"}]})"},
      {"the order is as told", R"({"containers":[{"name":"a"},{"name":"b"}]})",
       R"({"$setElementOrder/containers":[{"name":"n"},{"name":"b"},{"name":"a"}],"containers":[{"name":"n"}]})",
       R"({"containers":[{"name":"n"},{"name":"b"},{"name":"a"}]})"},
      {"null removes", R"({"nodeName":"x","hostname":"h"})", R"({"nodeName":null})", R"({"hostname":"h"})"},
      {"keys are retained", R"({"volumes":[{"name":"v","emptyDir":{}}]})",
       R"({"volumes":[{"name":"v","$retainKeys":["name","secret"],"secret":{"secretName":"s"}}]})",
       R"({"volumes":[{"name":"v","secret":{"secretName":"s"}}]})"},
      {"an object is replaced on request", R"({"affinity":{"nodeAffinity":{"a":1}}})",
       R"({"affinity":{"$patch":"replace","podAffinity":{}}})", R"({"affinity":{"podAffinity":{}}})"},
  };
  for (const auto& test : table) {
    const auto out = strategic_patched(parse_sorted_json(test.object).value(), parse_sorted_json(test.patch).value(),
                                       *builtin_types().find("PodSpec"));
    ASSERT_TRUE(out) << test.name << ": " << out.error().message;
    EXPECT_EQ(*out, parse_sorted_json(test.wanted).value()) << test.name;
  }
}

TEST(StrategicMerge, TakesValuesOutOfPlainLists) {
  const auto out = strategic_patched(parse_sorted_json(R"({"finalizers":["a","b"]})").value(),
                                     parse_sorted_json(R"({"$deleteFromPrimitiveList/finalizers":["a"]})").value(),
                                     *builtin_types().find("ObjectMeta"));
  EXPECT_EQ(out.value(), parse_sorted_json(R"({"finalizers":["b"]})").value());
  const auto more =
      strategic_patched(parse_sorted_json(R"({"finalizers":["a"]})").value(),
                        parse_sorted_json(R"({"finalizers":["b","a"]})").value(), *builtin_types().find("ObjectMeta"));
  EXPECT_EQ(more.value(), parse_sorted_json(R"({"finalizers":["a","b"]})").value());
}

TEST(StrategicMerge, RefusesItemsWithoutTheirKey) {
  EXPECT_FALSE(strategic_patched(Json::object(), parse_sorted_json(R"({"containers":[{"image":"x"}]})").value(),
                                 *builtin_types().find("PodSpec")));
  EXPECT_FALSE(strategic_patched(Json::object(), Json::array(), *builtin_types().find("PodSpec")));
}

TEST(JsonPatch, RefusesWhatDoesNotApply) {
  EXPECT_EQ(json_patched({{"a", 1}}, parse_sorted_json(R"([{"op":"replace","path":"/a","value":2}])").value()).value(),
            (Json{{"a", 2}}));
  EXPECT_EQ(
      json_patched({{"a", 1}}, parse_sorted_json(R"([{"op":"test","path":"/a","value":2}])").value()).error().code,
      422);
  EXPECT_EQ(json_patched({{"a", 1}}, Json::object()).error().code, 400);
}

}  // namespace patch_test
}  // namespace flux::sandbox
