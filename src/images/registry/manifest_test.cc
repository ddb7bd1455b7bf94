#include "images/registry/manifest.h"

#include <gmock/gmock.h>

namespace flux::images {
namespace manifest_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kConfig =
    R"({"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:c"})";

std::string reason_of(const std::string& body) {
  const auto manifest = read_manifest(body);
  if (!manifest) return "error: " + manifest.error().message;
  const auto* other = std::get_if<NotAnImage>(&*manifest);
  return other ? other->reason : "an image";
}

TEST(ManifestTest, TellsImagesFromWhatNobodyCanRun) {
  EXPECT_EQ(reason_of(kConfig + std::string("}")), "an image");
  EXPECT_EQ(reason_of(R"({"config":{"digest":"sha256:c"}})"), "an image");
  EXPECT_EQ(reason_of(R"({"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:c"}})"),
            "not an image (application/vnd.cncf.helm.config.v1+json)");
  EXPECT_EQ(reason_of(kConfig + std::string(R"(,"artifactType":"application/spdx+json"})")),
            "not an image (application/spdx+json)");
  EXPECT_EQ(reason_of(kConfig +
                      std::string(R"(,"layers":[{"mediaType":"application/vnd.dev.cosign.simplesigning.v1+json"}]})")),
            "not an image (application/vnd.dev.cosign.simplesigning.v1+json)");
  EXPECT_EQ(reason_of(kConfig + std::string(R"(,"layers":[{"mediaType":"application/vnd.in-toto+json"}]})")),
            "not an image (application/vnd.in-toto+json)");
  EXPECT_EQ(reason_of(R"({"manifests":[]})"), "not an image (an index without images)");
  EXPECT_EQ(reason_of(R"({"artifactType":"application/x","blobs":[]})"), "not an image (application/x)");
}

TEST(ManifestTest, SaysWhatIsNoManifest) {
  for (const auto* body : {"", "<html>", "[]", "{}", "null", R"({"config":{}})", R"({"history":[]})",
                           R"({"history":[{"v1Compatibility":"{"}]})"})
    EXPECT_THAT(reason_of(body), HasSubstr("error: ")) << body;
}

TEST(ManifestTest, ReadsTheNewestOfASchema1History) {
  constexpr const char* kNewest =
      R"({\"id\":\"abc\",\"created\":\"2016-05-06T07:08:09Z\",\"os\":\"linux\",)"
      R"(\"config\":{\"Labels\":{\"org.label-schema.build-date\":\"2016-01-01T00:00:00Z\"}}})";
  const auto manifest = read_manifest(std::string(R"({"history":[{"v1Compatibility":")") + kNewest +
                                      R"("},{"v1Compatibility":"{\"id\":\"older\"}"}]})");
  ASSERT_TRUE(manifest) << manifest.error().message;
  const auto& facts = std::get<ConfigFacts>(*manifest);
  EXPECT_EQ(facts.image_id, "abc");
  EXPECT_EQ(format_timestamp(*facts.created), "2016-05-06T07:08:09Z");
  EXPECT_EQ(format_timestamp(*facts.build_date), "2016-01-01T00:00:00Z");
}

TEST(ConfigTest, PrefersTheLabelsOfTheImageItself) {
  const auto facts = read_config(
      R"({"created":"2020-01-01T00:00:00Z","config":{"Labels":{"org.opencontainers.image.created":"2021-01-01T00:00:00Z"}},)"
      R"("container_config":{"Labels":{"org.opencontainers.image.created":"2019-01-01T00:00:00Z"}}})",
      "sha256:c");
  ASSERT_TRUE(facts);
  EXPECT_EQ(format_timestamp(*facts->image_created), "2021-01-01T00:00:00Z");
  EXPECT_EQ(facts->image_id, "sha256:c");
}

TEST(ConfigTest, TakesTheContainersLabelsWhereTheImageHasNone) {
  const auto facts = read_config(
      R"({"config":{"Labels":null},"container_config":{"Labels":{"org.label-schema.build-date":"2019-01-01T00:00:00Z"}}})",
      "");
  ASSERT_TRUE(facts);
  EXPECT_EQ(format_timestamp(*facts->build_date), "2019-01-01T00:00:00Z");
  EXPECT_FALSE(facts->created);
}

TEST(ConfigTest, NamesLabelsThatAreNoTime) {
  const auto facts = read_config(R"({"config":{"Labels":{"org.label-schema.build-date":"yesterday"}}})", "");
  ASSERT_TRUE(facts);
  EXPECT_THAT(facts->bad_labels, ElementsAre("org.label-schema.build-date=yesterday"));
  for (const auto* body : {"", "[]", "<html>"}) EXPECT_FALSE(read_config(body, "")) << body;
}

std::vector<std::string> chosen(const std::string& body, const std::vector<Platform>& platforms) {
  const auto index = std::get<ImageIndex>(read_manifest(body).value());
  std::vector<std::string> digests;
  for (const auto* entry : suitable(index, platforms)) digests.push_back(entry->digest);
  return digests;
}

constexpr const char* kIndex = R"({"manifests":[
  {"digest":"attested","platform":{"os":"unknown","architecture":"unknown"}},
  {"digest":"windows","platform":{"os":"windows","architecture":"amd64"}},
  {"digest":"v6","platform":{"os":"linux","architecture":"arm","variant":"v6"}},
  {"digest":"v7","platform":{"os":"linux","architecture":"arm","variant":"v7"}},
  {"digest":"amd64","platform":{"os":"linux","architecture":"amd64"}},
  {"digest":"again","platform":{"os":"linux","architecture":"amd64"}},
  {"digest":"mute"}]})";

TEST(IndexTest, OffersTheFirstOfThePlatformsThatIsThere) {
  EXPECT_THAT(chosen(kIndex, {{}}), ElementsAre("amd64"));
  EXPECT_THAT(chosen(kIndex, {{"linux", "arm", ""}}), ElementsAre("v6"));
  EXPECT_THAT(chosen(kIndex, {{"linux", "arm", "v7"}}), ElementsAre("v7"));
  EXPECT_THAT(chosen(kIndex, {{"linux", "riscv64", ""}, {"windows", "amd64", ""}}), ElementsAre("windows"));
  EXPECT_THAT(chosen(kIndex, {{"linux", "riscv64", ""}}), ElementsAre("mute"));
  EXPECT_THAT(chosen(R"({"manifests":[{"digest":"x","platform":{"os":"linux","architecture":"arm64"}}]})", {{}}),
              IsEmpty());
}

TEST(NotAnImageByName, IsWhatToolsKeepBesideAnImage) {
  const std::string hex(64, 'a');
  for (const auto* suffix : {".sig", ".att", ".sbom", ""}) EXPECT_TRUE(not_an_image_by_name("sha256-" + hex + suffix));
  for (const auto& tag :
       {"sha256-" + hex.substr(1) + ".sig", "sha256-" + hex + "x", "v1-" + hex, std::string("latest")})
    EXPECT_FALSE(not_an_image_by_name(tag)) << tag;
}

TEST(PlatformsTest, AreReadFromTheFlag) {
  EXPECT_EQ(parse_platforms({}).value(), std::vector{Platform{}});
  EXPECT_EQ(parse_platforms({"linux/arm/v7", "windows/amd64"}).value(),
            (std::vector{Platform{"linux", "arm", "v7"}, Platform{"windows", "amd64", ""}}));
  for (const auto* text : {"", "linux", "linux/", "/amd64", "a/b/c/d"}) EXPECT_FALSE(parse_platforms({text})) << text;
}

}  // namespace manifest_test
}  // namespace flux::images
