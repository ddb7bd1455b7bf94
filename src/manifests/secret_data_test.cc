#include "manifests/secret_data.h"

#include <gtest/gtest.h>

#include "manifests/parse_file.h"

namespace flux::manifests {
namespace secret_data_test {

TEST(SecretData, IsWhatTheApiServerMakesOfIt) {
  const struct {
    const char* rule;
    const char* written;
    const char* sent;
  } kRows[] = {
      {"base64", R"({"kind":"Secret","stringData":{"a":"hunter2","b":""}})",
       R"({"kind":"Secret","data":{"a":"aHVudGVyMg==","b":""}})"},
      {"wins over data", R"({"data":{"a":"b2xk","c":"a2VwdA=="},"stringData":{"a":"new"},"type":"Opaque"})",
       R"({"data":{"a":"bmV3","c":"a2VwdA=="},"type":"Opaque"})"},
      {"any text", "{\"stringData\":{\"a\":\"\u00e9\\u0000\\n\"}}", R"({"data":{"a":"w6kACg=="}})"},
      {"null data", R"({"data":null,"stringData":{"a":"b"}})", R"({"data":{"a":"Yg=="}})"},
      {"null", R"({"data":{"a":"Yg=="},"stringData":null})", R"({"data":{"a":"Yg=="}})"},
      {"empty", R"({"kind":"Secret","stringData":{}})", R"({"kind":"Secret"})"},
      {"none", R"({"data":{"a":"Yg=="}})", nullptr},
      {"a number", R"({"stringData":{"a":"b","n":1}})", nullptr},
      {"a null value", R"({"stringData":{"a":null}})", nullptr},
      {"a list", R"({"stringData":["a"]})", nullptr},
      {"malformed data", R"({"data":["a"],"stringData":{"a":"b"}})", nullptr},
      {"data with a number", R"({"data":{"n":1},"stringData":{"a":"b"}})", nullptr},
  };
  for (const auto& row : kRows) EXPECT_EQ(with_data_only(row.written), row.sent ? row.sent : row.written) << row.rule;
}

TEST(SecretData, OfSecretsOnly) {
  const auto rest = [](const std::string& head) {
    return parse_file("a.yaml", head + "\nmetadata: {name: a}\nstringData: {a: b}\n").manifests.at(0)->rest;
  };
  EXPECT_EQ(rest("apiVersion: v1\nkind: Secret"), R"({"apiVersion":"v1","kind":"Secret","data":{"a":"Yg=="}})");
  EXPECT_EQ(rest("apiVersion: x.org/v1\nkind: Secret"),
            R"({"apiVersion":"x.org/v1","kind":"Secret","stringData":{"a":"b"}})");
}

}  // namespace secret_data_test
}  // namespace flux::manifests
