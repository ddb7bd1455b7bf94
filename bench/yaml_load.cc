// yaml-load SECONDS DIR...
//
// Reads all *.yaml below each DIR into memory, loads them again and again for about SECONDS of CPU time, and prints a
// JSON object a line and DIR: megabytes (10^6 bytes) a second on one core, best and median of the rounds, for
//   read: yaml::Reader into document trees          (what go-yaml does when it decodes into interface{})
//   load: manifests::parse_file, all that fluxd does with a blob that it has not seen before
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "manifests/parse_file.h"
#include "yaml/reader.h"

namespace {

struct File {
  std::string path;
  std::string text;
};

struct Speed {
  double best = 0;
  double median = 0;
  std::size_t rounds = 0;
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::vector<File> files_below(const std::string& folder) {
  std::vector<File> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".yaml") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files.push_back({entry.path().string(), {std::istreambuf_iterator<char>(in), {}}});
  }
  std::ranges::sort(files, {}, &File::path);
  return files;
}

/// False when the file cannot be read.
using Work = std::function<bool(const File&)>;

bool read_tree(const File& file) { return flux::yaml::read_all(file.text).has_value(); }
bool load_manifests(const File& file) { return flux::manifests::parse_file(file.path, file.text).problems.empty(); }

/// Rounds over all files until `seconds` of CPU time are spent, at least three.
Speed measure(const std::vector<File>& files, std::size_t bytes, double seconds, const Work& work) {
  std::vector<double> rates;
  for (const auto began = cpu_seconds(); rates.size() < 3 || cpu_seconds() - began < seconds;) {
    const auto before = cpu_seconds();
    for (const auto& file : files) {
      if (work(file)) continue;
      fmt::print(stderr, "yaml-load: {} cannot be read\n", file.path);
      std::exit(1);
    }
    rates.push_back(static_cast<double>(bytes) / (cpu_seconds() - before) / 1e6);
  }
  std::ranges::sort(rates);
  return {rates.back(), rates[rates.size() / 2], rates.size()};
}

nlohmann::ordered_json to_json(const Speed& speed) {
  return {{"best", speed.best}, {"median", speed.median}, {"rounds", speed.rounds}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: yaml-load SECONDS DIR...\n");
    return 2;
  }
  const double seconds = std::strtod(argv[1], nullptr);
  for (int i = 2; i < argc; ++i) {
    const auto files = files_below(argv[i]);
    std::size_t bytes = 0;
    for (const auto& file : files) bytes += file.text.size();
    const nlohmann::ordered_json result{{"files", files.size()},
                                        {"bytes", bytes},
                                        {"read", to_json(measure(files, bytes, seconds, read_tree))},
                                        {"load", to_json(measure(files, bytes, seconds, load_manifests))}};
    fmt::print("{}\n", result.dump());
  }
  return 0;
}
