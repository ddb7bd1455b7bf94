#include "cli/main_program.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/test_threads.h"

namespace flux::cli {
namespace main_program_test {

TEST(MainProgramDeathTest, WithoutThreadsItSaysSoAndEndsAsItShould) {
  EXPECT_EXIT(
      {
        const NoMoreThreads none;
        std::exit(run_program({"list-workloads", "--url=http://127.0.0.1:1/api/flux"}, "1.0.0"));
      },
      testing::ExitedWithCode(1), "Error: .*no thread can be started");
}

}  // namespace main_program_test
}  // namespace flux::cli
