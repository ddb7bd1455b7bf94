#include "base/base64.h"

#include <gtest/gtest.h>

#include <vector>

namespace flux {
namespace base64_test {

TEST(Base64Test, WritesAndReadsEachLength) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {std::string("\0\xFF\xFB", 3), "AP/7"},
  };
  for (const auto& [bytes, text] : rows) {
    EXPECT_EQ(encode_base64(bytes), text);
    EXPECT_EQ(decode_base64(text), bytes) << text;
  }
}

TEST(Base64Test, ReadsBackEveryByte) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i * 7);
  EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
}

TEST(Base64Test, WritesForUrlsWithoutPadding) {
  EXPECT_EQ(encode_base64url(""), "");
  EXPECT_EQ(encode_base64url("f"), "Zg");
  EXPECT_EQ(encode_base64url("foo"), "Zm9v");
  EXPECT_EQ(encode_base64url(std::string("\0\xFF\xFB", 3)), "AP_7");
  EXPECT_EQ(encode_base64url("\xFB\xEF\xBE"), "----");
}

TEST(Base64Test, SkipsLineBreaksOnly) {
  EXPECT_EQ(decode_base64("Zm9v\r\nYmFy\n"), "foobar");
  for (const auto* text : {"Zm9", "Z", "Zg=", "Zg===", "=", "====", "Zg==Zg==", "Z=g=", "Zm 9v", "Zm9-", "\xC3\xA9=="})
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
}

}  // namespace base64_test
}  // namespace flux
