#include "base/read_file.h"

#include <gmock/gmock.h>

#include <fstream>

#include "base/test_temp_dir.h"

namespace flux {
namespace read_file_test {

using testing::HasSubstr;

TEST(ReadFileTest, GivesEveryByte) {
  const TempDir dir;
  std::string text = "a\r\n";
  text += '\0';
  text.append(100'000, 'x');
  for (const auto& wanted : {std::string(), text}) {
    std::ofstream(dir.path() / "file", std::ios::binary) << wanted;
    const auto got = read_file(dir.path() / "file");
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_TRUE(*got == wanted);
  }
  EXPECT_THAT(read_file("/proc/self/stat").value(), HasSubstr(")"));
}

TEST(ReadFileTest, SaysWhatCannotBeRead) {
  const TempDir dir;
  const auto missing = read_file(dir.path() / "missing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::user);
  EXPECT_EQ(missing.error().message, "cannot read " + dir.path().string() + "/missing: No such file or directory");
  const auto directory = read_file(dir.path());
  ASSERT_FALSE(directory);
  EXPECT_THAT(directory.error().message, HasSubstr("Is a directory"));
}

}  // namespace read_file_test
}  // namespace flux
