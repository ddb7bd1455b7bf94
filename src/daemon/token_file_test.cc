#include "daemon/token_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "base/test_temp_dir.h"

namespace flux::daemon {
namespace {

namespace fs = std::filesystem;

struct TokenFileTest : ::testing::Test {
  /// As kubelet does: a new file in the place of the old one.
  void put(const std::string& text) {
    std::ofstream(dir / "next") << text;
    fs::rename(dir / "next", dir / "token");
  }
  Result<std::unique_ptr<TokenFile>> open() { return TokenFile::open(dir / "token", Log()); }

  const TempDir temp;
  const fs::path dir = temp.path();
};

TEST_F(TokenFileTest, holds_the_first_line) {
  for (const auto* text : {"s3cret", "s3cret\n", " s3cret \r\nmore\n"}) {
    put(text);
    const auto file = open();
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ((*file)->current(), Secret("s3cret"));
  }
}

TEST_F(TokenFileTest, follows_the_file) {
  put("one");
  const auto file = open();
  ASSERT_TRUE(file);
  EXPECT_EQ((*file)->current(), Secret("one"));
  put("two");
  EXPECT_EQ((*file)->current(), Secret("two"));
  put("");
  EXPECT_EQ((*file)->current(), Secret("two")) << "an empty file must not let everybody in";
  fs::remove(dir / "token");
  EXPECT_EQ((*file)->current(), Secret("two"));
  put("three");
  EXPECT_EQ((*file)->current(), Secret("three"));
}

TEST_F(TokenFileTest, has_to_be_there_at_the_start) {
  EXPECT_FALSE(open());
  put("\n");
  const auto file = open();
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, ErrorKind::user);
}

}  // namespace
}  // namespace flux::daemon
