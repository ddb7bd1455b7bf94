#include "model/update_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace flux {
namespace update_spec_test {

ResourceId id(const char* text) { return ResourceId::parse(text).value(); }
ImageRef image(const char* text) { return ImageRef::parse(text).value(); }
Result<UpdateSpec> read(std::string_view text) { return decode_json(text).and_then(update_spec_from_json); }

struct Row {
  const char* type;
  UpdateSpec spec;
  const char* json;
};

std::vector<Row> rows() {
  return {
      {"sync", {{"", ""}, SyncSpec{}}, R"({"type":"sync","cause":{"Message":"","User":""},"spec":{}})"},
      {"image",
       {{"", "Ann <ann@example.com>"},
        ReleaseImageSpec{{"shop:deployment/cart"}, "registry.example.com/shop/cart:1.4.2", "execute", {}, false}},
       R"({"type":"image","cause":{"Message":"","User":"Ann \u003cann@example.com\u003e"},)"
       R"("spec":{"ServiceSpecs":["shop:deployment/cart"],"ImageSpec":"registry.example.com/shop/cart:1.4.2",)"
       R"("Kind":"execute","Excludes":null,"Force":false}})"},
      {"image",
       {{"m", "u"}, ReleaseImageSpec{{"<all>"}, "<all latest>", "plan", {id("a:deployment/b")}, true}},
       R"({"type":"image","cause":{"Message":"m","User":"u"},"spec":{"ServiceSpecs":["\u003call\u003e"],)"
       R"("ImageSpec":"\u003call latest\u003e","Kind":"plan","Excludes":["a:deployment/b"],"Force":true}})"},
      {"image",
       {{}, ReleaseImageSpec{}},
       R"({"type":"image","cause":{"Message":"","User":""},"spec":{"ServiceSpecs":null,"ImageSpec":"","Kind":"",)"
       R"("Excludes":null,"Force":false}})"},
      {"containers",
       {{},
        ReleaseContainersSpec{
            "execute",
            {{id("shop:deployment/cart"),
              {{"cart", image("registry.example.com/shop/cart:1.4.1"), image("registry.example.com/shop/cart:1.4.2")},
               {"sidecar", {}, image("envoy:2")}}}},
            true,
            false}},
       R"({"type":"containers","cause":{"Message":"","User":""},"spec":{"Kind":"execute","ContainerSpecs":)"
       R"({"shop:deployment/cart":[{"Container":"cart","Current":"registry.example.com/shop/cart:1.4.1",)"
       R"("Target":"registry.example.com/shop/cart:1.4.2"},{"Container":"sidecar","Target":"envoy:2"}]},)"
       R"("SkipMismatches":true,"Force":false}})"},
      {"containers",
       {{}, ReleaseContainersSpec{}},
       R"({"type":"containers","cause":{"Message":"","User":""},"spec":{"Kind":"","ContainerSpecs":null,)"
       R"("SkipMismatches":false,"Force":false}})"},
      {"policy",
       {{"freeze", "Ann"},
        PolicyUpdates{
            {id("shop:deployment/cart"), {{{"locked", "true"}, {"locked_msg", "freeze"}, {"locked_user", "Ann"}}, {}}},
            {id("a:job/z"), {{}, {{"automated", "true"}}}}}},
       R"({"type":"policy","cause":{"Message":"freeze","User":"Ann"},"spec":{)"
       R"("a:job/z":{"add":{},"remove":{"automated":"true"}},"shop:deployment/cart":{"add":{"locked":"true",)"
       R"("locked_msg":"freeze","locked_user":"Ann"},"remove":{}}}})"},
      {"auto",
       {{},
        AutomatedSpec{{{id("shop:deployment/cart"), "cart", image("r.example.com/c:1"), image("r.example.com/c:2")}}}},
       R"({"type":"auto","cause":{"Message":"","User":""},"spec":{"Changes":[{"WorkloadID":"shop:deployment/cart",)"
       R"("Container":{"Name":"cart","Image":"r.example.com/c:1"},"ImageID":"r.example.com/c:2"}]}})"},
  };
}

TEST(UpdateSpecTest, WritesEachShapeAndReadsItBack) {
  for (const auto& row : rows()) {
    EXPECT_EQ(row.spec.type(), row.type);
    EXPECT_EQ(encode_json(to_json(row.spec)), row.json);
    const auto back = read(row.json);
    ASSERT_TRUE(back) << row.json << ": " << back.error().message;
    EXPECT_EQ(*back, row.spec) << row.json;
  }
}

TEST(UpdateSpecTest, ReadsAsGoDoes) {
  const std::pair<const char*, UpdateSpec> cases[] = {
      {R"({"type":"sync","spec":null})", {{}, SyncSpec{}}},
      {R"({"type":"image","spec":null})", {{}, ReleaseImageSpec{}}},
      {R"({"type":"containers","spec":null})", {{}, ReleaseContainersSpec{}}},
      {R"({"type":"policy","spec":null})", {{}, PolicyUpdates{}}},
      {R"({"type":"auto","spec":null})", {{}, AutomatedSpec{}}},
      {R"({"TYPE":"sync","CAUSE":{"user":"u","MESSAGE":"m"},"SPEC":{"more":1}})", {{"m", "u"}, SyncSpec{}}},
      {R"({"type":"policy","type":"sync","spec":{}})", {{}, SyncSpec{}}},
      {R"({"type":"sync","cause":null,"spec":{}})", {{}, SyncSpec{}}},
      {R"({"type":"image","spec":{"servicespecs":["not an id"],"IMAGESPEC":":","Kind":"maybe","Force":null}})",
       {{}, ReleaseImageSpec{{"not an id"}, ":", "maybe", {}, false}}},
      {R"({"type":"image","spec":{"Excludes":["shop:Deployment/Cart",""]}})",
       {{}, ReleaseImageSpec{{}, "", "", {id("shop:deployment/Cart"), {}}, false}}},
      {R"({"type":"containers","spec":{"ContainerSpecs":{"a:deployment/b":null}}})",
       {{}, ReleaseContainersSpec{"", {{id("a:deployment/b"), {}}}, false, false}}},
      // What Flux v1 writes for "whatever runs".
      {R"({"type":"containers","spec":{"ContainerSpecs":{"a:deployment/b":[{"Container":"c","Current":"","Target":"d:1"}]}}})",
       {{}, ReleaseContainersSpec{"", {{id("a:deployment/b"), {{"c", {}, image("d:1")}}}}, false, false}}},
      {R"({"type":"policy","spec":{"a:deployment/b":{"add":["automated","locked"],"remove":null}}})",
       {{}, PolicyUpdates{{id("a:deployment/b"), {{{"automated", "true"}, {"locked", "true"}}, {}}}}}},
      {R"({"type":"policy","spec":{"a:deployment/b":null}})", {{}, PolicyUpdates{{id("a:deployment/b"), {}}}}},
  };
  for (const auto& [text, spec] : cases) {
    const auto back = read(text);
    ASSERT_TRUE(back) << text << ": " << back.error().message;
    EXPECT_EQ(*back, spec) << text;
  }
}

TEST(UpdateSpecTest, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"null", "unknown spec type: "},
      {"[]", "it must be an object, not array"},
      {"{}", "unknown spec type: "},
      {R"({"type":"","spec":{}})", "unknown spec type: "},
      {R"({"type":"Image","spec":{}})", "unknown spec type: Image"},
      {R"({"type":7,"spec":{}})", "type must be a string, not number"},
      {R"({"type":"sync"})", "the update of type sync has no spec"},
      {R"({"type":"sync","spec":[]})", "spec: it must be an object, not array"},
      {R"({"type":"sync","cause":"me","spec":{}})", "cause must be an object, not string"},
      {R"({"type":"sync","cause":{"User":{}},"spec":{}})", "cause: User must be a string, not object"},
      {R"({"type":"image","spec":{"Excludes":["nope"]}})",
       "spec: Excludes: element 0: parsing nope: invalid service ID"},
      {R"({"type":"image","spec":{"Force":"yes"}})", "spec: Force must be true or false, not string"},
      {R"({"type":"image","spec":{"ServiceSpecs":"a"}})", "spec: ServiceSpecs must be a list, not string"},
      {R"({"type":"containers","spec":{"ContainerSpecs":{"x":[]}}})",
       "spec: ContainerSpecs: parsing x: invalid service ID"},
      {R"({"type":"containers","spec":{"ContainerSpecs":{"a:deployment/b":[{"Target":"c:"}]}}})",
       "spec: ContainerSpecs: a:deployment/b: element 0: Target: parsing \"c:\": expected image name as either "
       "<image>:<tag> or just <image>: invalid image ID"},
      {R"({"type":"policy","spec":{"":{"add":{},"remove":{}}}})", "spec: parsing : invalid service ID"},
      {R"({"type":"policy","spec":{"a:deployment/b":{"add":{"automated":true}}}})",
       "spec: a:deployment/b: add: automated: it must be a string, not boolean"},
      {R"({"type":"policy","spec":{"a:deployment/b":{"remove":"automated"}}})",
       "spec: a:deployment/b: remove must be an object of strings or a list of names, not string"},
      {R"({"type":"auto","spec":{"Changes":[{"WorkloadID":"x"}]}})",
       "spec: Changes: element 0: WorkloadID: parsing x: invalid service ID"},
  };
  for (const auto& [text, message] : cases) {
    const auto back = read(text);
    ASSERT_FALSE(back) << text;
    EXPECT_EQ(back.error().message, message) << text;
    EXPECT_EQ(back.error().kind, ErrorKind::user) << text;
  }
}

TEST(UpdateSpecTest, KnowsAPlan) {
  EXPECT_TRUE((UpdateSpec{{}, ReleaseImageSpec{{}, "", "plan", {}, false}}.is_plan()));
  EXPECT_TRUE((UpdateSpec{{}, ReleaseContainersSpec{"plan", {}, false, false}}.is_plan()));
  for (const UpdateSpec::Detail& detail :
       {UpdateSpec::Detail(ReleaseImageSpec{{}, "", "execute", {}, false}), UpdateSpec::Detail(SyncSpec{}),
        UpdateSpec::Detail(PolicyUpdates{}), UpdateSpec::Detail(ReleaseContainersSpec{})})
    EXPECT_FALSE((UpdateSpec{{}, detail}.is_plan()));
}

}  // namespace update_spec_test
}  // namespace flux
