#include "api/wire/git_config.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace flux::api {
namespace git_config_test {

TEST(GitConfigTest, WritesTheContractsOrderAndReadsItBack) {
  const GitConfig config{"ssh://git@git.example.com/acme/shop-config.git",
                         "main",
                         {"prod", "shared"},
                         {"ssh-rsa AAAA\n", Fingerprint{"a1:b2", "art1\n"}, Fingerprint{"Zm9v", "art2\n"}},
                         "ready",
                         ""};
  EXPECT_EQ(
      encode_json(to_json(config)),
      R"({"remote":{"url":"ssh://git@git.example.com/acme/shop-config.git","branch":"main","path":"prod,shared"},)"
      R"("publicSSHKey":{"key":"ssh-rsa AAAA\n","fingerprints":{"md5":{"hash":"a1:b2","randomart":"art1\n"},)"
      R"("sha256":{"hash":"Zm9v","randomart":"art2\n"}}},"status":"ready","errors":""})");
  EXPECT_EQ(*git_config_from_json(to_json(config)), config);
}

TEST(GitConfigTest, WritesAnAbsentKey) {
  EXPECT_EQ(encode_json(to_json(PublicKey{})), R"({"key":"","fingerprints":null})");
  EXPECT_EQ(*public_key_from_json(to_json(PublicKey{})), PublicKey{});
}

TEST(GitConfigTest, ReadsTheZeroConfigAndRefusesOtherShapes) {
  EXPECT_EQ(*git_config_from_json(Json::object()), GitConfig{});
  EXPECT_EQ(*git_config_from_json(nullptr), GitConfig{});
  for (const auto* text : {"[]", R"({"remote":"r"})", R"({"publicSSHKey":"k"})", R"({"status":1})",
                           R"({"publicSSHKey":{"fingerprints":{"md5":"x"}}})"})
    EXPECT_FALSE(decode_json(text).and_then(git_config_from_json)) << text;
}

}  // namespace git_config_test
}  // namespace flux::api
