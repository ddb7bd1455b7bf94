#include "cli/find_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.h"

namespace flux::cli {
namespace find_command_test {

using testing::ElementsAre;

struct WordCase {
  std::vector<std::string> args;
  std::optional<std::size_t> word;
};

TEST(FindCommandTest, LooksPastFlagsAndTheirValues) {
  const std::vector<WordCase> cases{
      {{}, {}},
      {{"sync"}, 0},
      {{"--k8s-fwd-ns", "flux", "sync"}, 2},
      {{"--k8s-fwd-ns=flux", "sync"}, 1},
      {{"-u", "http://x", "sync"}, 2},
      {{"-uhttp://x", "sync"}, 1},
      {{"-n", "demo", "list-workloads"}, 2},       // unknown here, so it is taken to have a value
      {{"--watch", "release", "--all", "x"}, {}},  // --all swallows what is left
      {{"--watch=true", "release"}, 1},
      {{"--k8s-fwd-ns", "sync"}, {}},
      {{"--help", "sync"}, {}},
      {{"--", "sync"}, {}},
      {{"", "sync"}, 1},
      {{"-", "sync"}, 1},
  };
  for (const auto& row : cases) {
    GlobalFlags globals;
    EXPECT_EQ(find_command_word(row.args, globals.table("")), row.word) << testing::PrintToString(row.args);
  }
}

TEST(FindCommandTest, SuggestsWhatIsNear) {
  const std::vector<std::string> names{"list-images", "list-workloads", "lock", "save", "sync", "unlock"};
  EXPECT_THAT(similar_names("syn", names), ElementsAre("sync"));
  EXPECT_THAT(similar_names("SNYC", names), ElementsAre("sync"));
  EXPECT_THAT(similar_names("list", names), ElementsAre("list-images", "list-workloads"));
  EXPECT_THAT(similar_names("unlok", names), ElementsAre("unlock"));
  EXPECT_THAT(similar_names("block", names), ElementsAre("lock", "unlock"));
  EXPECT_THAT(similar_names("deploy", names), ElementsAre());
  EXPECT_EQ(unknown_command("li", {"list-images", "sync"}),
            "unknown command \"li\" for \"fluxctl\"\n\nDid you mean this?\n\tlist-images\n");
  EXPECT_EQ(unknown_command("deploy", names), "unknown command \"deploy\" for \"fluxctl\"");
}

}  // namespace find_command_test
}  // namespace flux::cli
