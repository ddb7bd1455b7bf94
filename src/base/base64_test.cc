#include "base/base64.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace flux {
namespace {

TEST(Base64, ReadsBackWhatItWrites) {
  for (const auto& [text, code] : std::vector<std::pair<std::string, std::string>>{
           {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {std::string("\0\xff\x80", 3), "AP+A"}}) {
    EXPECT_EQ(encode_base64(text), code);
    EXPECT_EQ(decode_base64(code), text);
  }
  EXPECT_EQ(decode_base64("Zm\n9v\n"), "foo");
  for (const auto* bad : {"Z", "Zg", "Zg=", "Zg==Zg==", "Zm9v=", "Z!==", "Zg===", "===="})
    EXPECT_EQ(decode_base64(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace flux
