#include "metrics/process_stats.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <map>

#include "base/test_temp_dir.h"

namespace flux::metrics {
namespace process_stats_test {

namespace fs = std::filesystem;

class ProcessStatsTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(proc_ / "self/fd"); }

  void write(const char* name, const std::string& text) const { std::ofstream(proc_ / name) << text; }

  [[nodiscard]] std::map<std::string, double> values() const {
    std::map<std::string, double> out;
    for (const auto& family : process_families(proc_))
      out[family.name] = family.type == prometheus::MetricType::Counter ? family.metric.at(0).counter.value
                                                                        : family.metric.at(0).gauge.value;
    return out;
  }

  const TempDir temp_;
  const fs::path proc_ = temp_.path();
};

TEST_F(ProcessStatsTest, ReadsWhatTheKernelTells) {
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  write("self/stat",
        "7 (odd ) name) S 1 2 3 4 5 6 7 8 9 10 250 150 0 0 20 0 5 0 9000 123456 42 18446744073709551615\n");
  write("stat", "cpu 1 2 3\nbtime 1700000000\nprocesses 3\n");
  write("self/limits",
        "Max open files            1024      4096    files\nMax address space  unlimited  unlimited bytes\n");
  write("self/fd/0", "");
  write("self/fd/1", "");
  const auto got = values();
  EXPECT_DOUBLE_EQ(got.at("process_cpu_seconds_total"), 400 / ticks);
  EXPECT_DOUBLE_EQ(got.at("process_start_time_seconds"), 1700000000 + 9000 / ticks);
  EXPECT_DOUBLE_EQ(got.at("process_virtual_memory_bytes"), 123456);
  EXPECT_DOUBLE_EQ(got.at("process_resident_memory_bytes"), 42 * page);
  EXPECT_DOUBLE_EQ(got.at("process_open_fds"), 2);
  EXPECT_DOUBLE_EQ(got.at("process_max_fds"), 1024);
  EXPECT_GT(got.at("process_virtual_memory_max_bytes"), 1.8e19);
}

TEST_F(ProcessStatsTest, LeavesOutWhatItCannotRead) {
  write("self/stat", "7 (cut short) S 1");
  const auto got = values();
  EXPECT_EQ(got.size(), 1U);
  EXPECT_TRUE(got.contains("process_open_fds"));
}

}  // namespace process_stats_test
}  // namespace flux::metrics
