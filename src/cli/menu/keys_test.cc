#include "cli/menu/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace flux::cli {
namespace keys_test {

struct Case {
  std::string bytes;
  std::vector<Key> keys;
};

TEST(KeysTest, FindsKeysInWholeOrInPieces) {
  const std::vector<Case> cases{
      {"\x1b[A\x1b[Bkj\t", {Key::up, Key::down, Key::up, Key::down, Key::down}},
      {"\x1bOA\x1bOB", {Key::up, Key::down}},
      {"\x1b[1;5A", {Key::up}},
      {"\x1b[C\x1b[D\x1b[5~\x1b[200~\x1bOP", {}},
      {" \r", {Key::toggle, Key::submit}},
      {"q\x03", {Key::abort, Key::abort}},
      {"xyz\n\xe2\x87\x92", {}},
      {"\x1bq", {}},
      {"\x1b\x1b[A", {Key::up}},
      {"\x1b[1;\x1b[B", {Key::down}},
      {"\x1b[\x03", {Key::abort}},
  };
  for (const auto& row : cases) {
    EXPECT_EQ(KeyReader().feed(row.bytes), row.keys) << testing::PrintToString(row.bytes);
    KeyReader slow;
    std::vector<Key> keys;
    for (const char byte : row.bytes)
      for (const auto key : slow.feed({&byte, 1})) keys.push_back(key);
    EXPECT_EQ(keys, row.keys) << testing::PrintToString(row.bytes);
  }
}

TEST(KeysTest, TakesAnEscapeThatNothingFollowsForTheKey) {
  KeyReader keys;
  EXPECT_THAT(keys.pause(), testing::IsEmpty());
  EXPECT_THAT(keys.feed("\x1b"), testing::IsEmpty());
  EXPECT_THAT(keys.pause(), testing::ElementsAre(Key::abort));
  EXPECT_THAT(keys.pause(), testing::IsEmpty()) << "once";
  EXPECT_THAT(keys.feed("\x1b["), testing::IsEmpty());
  EXPECT_THAT(keys.pause(), testing::IsEmpty()) << "a slow line is no Esc";
  EXPECT_THAT(keys.feed("A"), testing::ElementsAre(Key::up));
}

}  // namespace keys_test
}  // namespace flux::cli
