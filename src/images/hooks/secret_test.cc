#include "images/hooks/secret.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "base/base64.h"
#include "images/hooks/answer.h"

namespace flux::images {
namespace secret_test {

const Secret kSecret("It's a Secret to Everybody");

struct Row {
  std::string what;
  bool right;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, std::string>> query{};
  HookSource source = HookSource::harbor;
};

TEST(HookSecretTest, MayComeInSeveralPlaces) {
  const auto& secret = kSecret.reveal();
  // GitHub's own example, of "Validating webhook deliveries".
  const std::string signature = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  const std::vector<Row> rows{
      {"nothing", false, {}},
      {"bare", true, {{"Authorization", secret}}},
      {"bare and wrong", false, {{"Authorization", secret + "x"}}},
      {"a part of it", false, {{"Authorization", secret.substr(0, 5)}}},
      {"empty", false, {{"Authorization", ""}}},
      {"bearer", true, {{"authorization", "bearer " + secret}}},
      {"bearer and wrong", false, {{"Authorization", "Bearer wrong"}}},
      {"bearer without anything", false, {{"Authorization", "Bearer "}}},
      {"password", true, {{"Authorization", "Basic " + encode_base64("fluxd:" + secret)}}},
      {"password without user", true, {{"Authorization", "Basic " + encode_base64(":" + secret)}}},
      {"user", false, {{"Authorization", "Basic " + encode_base64(secret + ":")}}},
      {"no pair", false, {{"Authorization", "Basic " + encode_base64(secret)}}},
      {"no base64", false, {{"Authorization", "Basic %%%"}}},
      {"two headers", false, {{"Authorization", secret}, {"Authorization", "other"}}},
      {"address", true, {}, {{"token", secret}}},
      {"address and wrong", false, {}, {{"token", "wrong"}}},
      {"address, of two the first", false, {}, {{"token", "wrong"}, {"token", secret}}},
      {"another name", false, {}, {{"secret", secret}}},
      {"address beside a token of another", true, {{"Authorization", "Bearer eyJhbGciOi"}}, {{"token", secret}}},
      {"signature", true, {{"X-Hub-Signature-256", "sha256=" + signature}}, {}, HookSource::github},
      {"signature of another body",
       false,
       {{"X-Hub-Signature-256", "sha256=0" + signature.substr(1)}},
       {},
       HookSource::github},
      {"signature without a name", false, {{"X-Hub-Signature-256", signature}}, {}, HookSource::github},
      {"signature of nobody", false, {{"X-Hub-Signature-256", "sha256="}}, {}, HookSource::github},
      {"signature to another sender", false, {{"X-Hub-Signature-256", "sha256=" + signature}}, {}, HookSource::quay},
  };
  for (const auto& row : rows) {
    http::ServerRequest request;
    request.body = "Hello, World!";
    for (const auto& [name, value] : row.headers) request.headers.add(name, value);
    request.query = row.query;
    EXPECT_EQ(carries_secret(request, row.source, kSecret), row.right) << row.what;
    EXPECT_FALSE(carries_secret(request, row.source, Secret())) << row.what;
  }
}

}  // namespace secret_test
}  // namespace flux::images
