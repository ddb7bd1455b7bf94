#include "model/update_result.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "model/update_note.h"

namespace flux {
namespace update_result_test {

ResourceId id(const char* text) { return ResourceId::parse(text).value(); }
ImageRef image(const char* text) { return ImageRef::parse(text).value(); }

UpdateResult sample() {
  return {
      {id("shop:deployment/cart"),
       {WorkloadStatus::success, "", {{"cart", image("r.example.com/cart:1.4.1"), image("r.example.com/cart:1.4.2")}}}},
      {id("shop:deployment/web"), {WorkloadStatus::skipped, std::string(reason::kImageUpToDate), {}}}};
}

constexpr const char* kSample =
    R"({"shop:deployment/cart":{"Status":"success","PerContainer":[{"Container":"cart",)"
    R"("Current":"r.example.com/cart:1.4.1","Target":"r.example.com/cart:1.4.2"}]},)"
    R"("shop:deployment/web":{"Status":"skipped","Error":"image(s) up to date","PerContainer":null}})";

TEST(UpdateResultTest, WritesAndReadsBack) {
  EXPECT_EQ(encode_json(to_json(sample())), kSample);
  EXPECT_EQ(*decode_json(kSample).and_then(update_result_from_json), sample());
  EXPECT_TRUE(update_result_from_json(nullptr)->empty());
}

TEST(UpdateResultTest, HasANameForEachStatus) {
  for (const auto* name : {"unknown", "success", "failed", "skipped", "ignored"}) {
    const auto back = update_result_from_json({{"a:deployment/b", {{"Status", name}}}});
    ASSERT_TRUE(back);
    EXPECT_EQ(to_string(back->begin()->second.status), name);
  }
  EXPECT_EQ(update_result_from_json({{"a:deployment/b", {{"Status", "later"}}}})->begin()->second.status,
            WorkloadStatus::unknown);
}

TEST(UpdateResultTest, RefusesOtherShapes) {
  for (const Json& json : {Json::array(), Json("x"), Json{{"", Json::object()}}, Json{{"a:deployment/b", 1}},
                           Json{{"a:deployment/b", {{"PerContainer", "c"}}}}, Json{{"a:deployment/b", {{"Error", 2}}}}})
    EXPECT_FALSE(update_result_from_json(json)) << json;
}

TEST(UpdateResultTest, SumsItsFailuresUp) {
  UpdateResult result = sample();
  EXPECT_EQ(error_of(result), "");
  result[id("z:deployment/a")] = {WorkloadStatus::failed, "container(s) not found: x", {}};
  EXPECT_EQ(error_of(result), "z:deployment/a failed: container(s) not found: x");
  result[id("b:deployment/a")] = {WorkloadStatus::failed, "no", {}};
  EXPECT_EQ(error_of(result), "Multiple workloads failed: b:deployment/a, z:deployment/a");
  EXPECT_EQ(ids_with_status(result, WorkloadStatus::success), std::vector{id("shop:deployment/cart")});
}

TEST(UpdateNoteTest, WritesWhatOtherDaemonsRead) {
  const UpdateNote policy{"0b6a", {{}, PolicyUpdates{{id("shop:deployment/cart"), {{{"automated", "true"}}, {}}}}}, {}};
  EXPECT_EQ(
      encode_note(policy),
      R"({"jobID":"0b6a","spec":{"type":"policy","cause":{"Message":"","User":""},"spec":{"shop:deployment/cart":)"
      R"({"add":{"automated":"true"},"remove":{}}}},"result":null})");
  const UpdateNote release{
      "1", {{"m", "u"}, ReleaseImageSpec{{"<all>"}, "<all latest>", "execute", {}, false}}, sample()};
  for (const auto& note : {policy, release}) {
    const auto back = decode_note(encode_note(note));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, note);
  }
}

TEST(UpdateNoteTest, RefusesTheNotesOfOthers) {
  for (const auto* text :
       {"", "reviewed by Ann", "[]", "{}", R"({"jobID":"1"})", R"({"spec":{"type":"sync","spec":{}}})",
        R"({"jobID":1,"spec":{"type":"sync","spec":{}}})", R"({"jobID":"1","spec":{"type":"x"}})",
        R"({"jobID":"1","spec":null})", R"({"jobID":"1","spec":{"type":"sync","spec":{}},"result":3})"})
    EXPECT_FALSE(decode_note(text)) << text;
}

}  // namespace update_result_test
}  // namespace flux
