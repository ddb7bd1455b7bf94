#include "api/wire/job_status.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace flux::api {
namespace job_status_test {

JobStatus released() {
  JobStatus status{JobState::succeeded};
  status.result.revision = "5f3c";
  status.result.spec = UpdateSpec{{}, ReleaseImageSpec{{"<all>"}, "<all latest>", "execute", {}, false}};
  status.result.result = {
      {ResourceId("shop", "deployment", "cart"),
       {WorkloadStatus::success,
        "",
        {{"cart", ImageRef::parse("r.example.com/cart:1").value(), ImageRef::parse("r.example.com/cart:2").value()}}}},
      {ResourceId("shop", "deployment", "web"), {WorkloadStatus::skipped, "image(s) up to date", {}}}};
  return status;
}

TEST(JobStatusTest, IsByteForByteThatOfTheContract) {
  EXPECT_EQ(encode_json(to_json(JobStatus{})), R"({"Result":{},"Err":"","StatusString":"queued"})");
  EXPECT_EQ(
      encode_json(to_json(released())),
      R"({"Result":{"revision":"5f3c","spec":{"type":"image","cause":{"Message":"","User":""},"spec":{"ServiceSpecs":)"
      R"(["\u003call\u003e"],"ImageSpec":"\u003call latest\u003e","Kind":"execute","Excludes":null,"Force":false}},)"
      R"("result":{"shop:deployment/cart":{"Status":"success","PerContainer":[{"Container":"cart",)"
      R"("Current":"r.example.com/cart:1","Target":"r.example.com/cart:2"}]},)"
      R"("shop:deployment/web":{"Status":"skipped","Error":"image(s) up to date","PerContainer":null}}},)"
      R"("Err":"","StatusString":"succeeded"})");
  JobStatus unverified{JobState::failed, "branch HEAD in the git repo is not verified"};
  unverified.result.revision = "5f3c";
  EXPECT_EQ(
      encode_json(to_json(unverified)),
      R"({"Result":{"revision":"5f3c"},"Err":"branch HEAD in the git repo is not verified","StatusString":"failed"})");
  for (const auto& status : {JobStatus{}, released(), unverified})
    EXPECT_EQ(*job_status_from_json(to_json(status)), status);
}

TEST(JobStatusTest, HasANameForEachState) {
  for (const auto* name : {"queued", "running", "failed", "succeeded"}) {
    const auto read = job_status_from_json({{"StatusString", name}});
    ASSERT_TRUE(read) << name;
    EXPECT_EQ(to_string(read->state), name);
  }
}

TEST(JobStatusTest, ReadsWhatFluxV1WritesForAnyImage) {
  const auto read =
      decode_json(R"({"Result":{"spec":{"type":"containers","spec":{"ContainerSpecs":{"a:deployment/b":)"
                  R"([{"Container":"c","Current":"","Target":"i:2"}]}}},"result":{"a:deployment/b":)"
                  R"({"Status":"success","PerContainer":[{"Container":"c","Current":"","Target":"i:2"}]}}},)"
                  R"("Err":"","StatusString":"succeeded"})")
          .and_then(job_status_from_json);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->result.result.begin()->second.containers.front().current.empty());
  // Peers cannot read an empty Current: it is left out.
  EXPECT_EQ(encode_json(to_json(*read)).find("Current"), std::string::npos);
}

TEST(JobStatusTest, RefusesOtherShapes) {
  for (const auto* text :
       {"null", "{}", R"({"StatusString":"lost"})", R"({"StatusString":1})", R"({"StatusString":"queued","Result":[]})",
        R"({"StatusString":"queued","Err":{}})", R"({"StatusString":"queued","Result":{"result":[]}})",
        R"({"StatusString":"queued","Result":{"spec":{"type":"x"}}})"})
    EXPECT_FALSE(decode_json(text).and_then(job_status_from_json)) << text;
}

}  // namespace job_status_test
}  // namespace flux::api
