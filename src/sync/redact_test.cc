#include "sync/redact.h"

#include <gtest/gtest.h>

namespace flux::sync {
namespace redact_test {

Manifest secret(const std::string& rest) {
  Manifest manifest;
  manifest.type = {"v1", "Secret"};
  manifest.rest = rest;
  return manifest;
}

TEST(RedactValues, HidesWhatIsInASecretInEachFormItMayBeQuotedIn) {
  const auto manifest = secret(R"({"data":{"a":"aHVudGVyMg=="},"stringData":{"b":"hunter3","n":12345}})");
  EXPECT_EQ(redact_values("bad aHVudGVyMg== hunter2 hunter3 12345 here", manifest),
            "bad <redacted> <redacted> <redacted> <redacted> here");
  EXPECT_EQ(redact_values("expected map, got hunter4", secret(R"({"data":"hunter4"})")),
            "expected map, got <redacted>");
  EXPECT_EQ(redact_values("as it is", secret("{}")), "as it is");
}

TEST(RedactValues, LeavesOtherKindsAlone) {
  auto manifest = secret(R"({"data":{"a":"plain text"}})");
  manifest.type.kind = "ConfigMap";
  EXPECT_EQ(redact_values("bad plain text", manifest), "bad plain text");
}

}  // namespace redact_test
}  // namespace flux::sync
