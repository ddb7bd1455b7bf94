#include "metrics/process_stats.h"

#include <unistd.h>

#include <iterator>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

#include "base/read_file.h"

namespace flux::metrics {
namespace {

namespace fs = std::filesystem;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family(const char* name, const char* help, MetricType type, double value) {
  prometheus::ClientMetric metric;
  if (type == MetricType::Counter)
    metric.counter.value = value;
  else
    metric.gauge.value = value;
  return {name, help, type, {metric}};
}

/// The fields of /proc/self/stat after the program's name, which may hold blanks and parentheses.
std::vector<double> stat_fields(const fs::path& proc) {
  const auto text = read_file(proc / "self/stat");
  const auto name_end = text ? text->rfind(')') : std::string::npos;
  if (name_end == std::string::npos) return {};
  std::istringstream in(text->substr(name_end + 1));
  std::string state;
  in >> state;
  return {std::istream_iterator<double>(in), {}};
}

/// A line `Max open files  1024  4096  files` gives its first number; `unlimited` the largest there is.
std::optional<double> soft_limit(const std::string& limits, std::string_view name) {
  const auto at = limits.find(name);
  if (at == std::string::npos) return std::nullopt;
  std::istringstream in(limits.substr(at + name.size()));
  std::string value;
  in >> value;
  if (value == "unlimited") return static_cast<double>(std::numeric_limits<std::uint64_t>::max());
  char* end = nullptr;
  const auto number = std::strtod(value.c_str(), &end);
  if (end == value.c_str()) return std::nullopt;
  return number;
}

/// Unix time at which the machine was started.
std::optional<double> boot_time(const fs::path& proc) {
  const auto text = read_file(proc / "stat").value_or("");
  const auto at = text.find("btime ");
  if (at == std::string::npos) return std::nullopt;
  return std::strtod(text.c_str() + at + 6, nullptr);
}

// Positions in /proc/<pid>/stat behind the state, see proc(5).
constexpr std::size_t kUserTime = 10;
constexpr std::size_t kSystemTime = 11;
constexpr std::size_t kStartTime = 18;
constexpr std::size_t kVirtualBytes = 19;
constexpr std::size_t kResidentPages = 20;

void add_stat(std::vector<MetricFamily>& out, const fs::path& proc) {
  const auto fields = stat_fields(proc);
  if (fields.size() <= kResidentPages) return;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  out.push_back(family("process_cpu_seconds_total", "CPU time of this process, user and system, in seconds.",
                       MetricType::Counter, (fields[kUserTime] + fields[kSystemTime]) / ticks));
  out.push_back(family("process_virtual_memory_bytes", "Size of this process's address space in bytes.",
                       MetricType::Gauge, fields[kVirtualBytes]));
  out.push_back(family("process_resident_memory_bytes", "Memory of this process that is in RAM, in bytes.",
                       MetricType::Gauge, fields[kResidentPages] * page));
  if (const auto boot = boot_time(proc))
    out.push_back(family("process_start_time_seconds",
                         "When this process was started, in seconds since the Unix epoch.", MetricType::Gauge,
                         *boot + fields[kStartTime] / ticks));
}

void add_descriptors(std::vector<MetricFamily>& out, const fs::path& proc) {
  std::error_code error;
  fs::directory_iterator entries(proc / "self/fd", error);
  if (error) return;
  double count = 0;
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) ++count;
  out.push_back(
      family("process_open_fds", "Number of file descriptors that this process has open.", MetricType::Gauge, count));
}

void add_limits(std::vector<MetricFamily>& out, const fs::path& proc) {
  const auto limits = read_file(proc / "self/limits").value_or("");
  if (const auto files = soft_limit(limits, "Max open files"))
    out.push_back(family("process_max_fds", "Number of file descriptors that this process may have open.",
                         MetricType::Gauge, *files));
  if (const auto space = soft_limit(limits, "Max address space"))
    out.push_back(family("process_virtual_memory_max_bytes", "Address space that this process may have, in bytes.",
                         MetricType::Gauge, *space));
}

}  // namespace

std::vector<MetricFamily> process_families(const fs::path& proc) {
  std::vector<MetricFamily> out;
  add_stat(out, proc);
  add_descriptors(out, proc);
  add_limits(out, proc);
  return out;
}

}  // namespace flux::metrics
