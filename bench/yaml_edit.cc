// yaml-edit SECONDS DIR...
//
// Reads all *.yaml below each DIR into memory, sets the first image of each file that has workloads to another tag,
// again and again for about SECONDS of CPU time, and prints a JSON object a line and DIR: megabytes (10^6 bytes) a
// second on one core, median of the rounds, everything verified, for
//   files:  each file by itself
//   stream: all files as the documents of one text, of which one is edited at a time
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "manifests/edit/edit.h"
#include "manifests/parse_file.h"
#include "manifests/workloads/containers.h"

namespace {

struct Edit {
  std::string text;
  flux::manifests::ManifestPtr manifest;
  flux::ContainerUpdate update;
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::vector<std::string> texts_below(const std::string& folder) {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".yaml") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (flux::manifests::parse_file("x.yaml", text).problems.empty()) texts.push_back(std::move(text));
  }
  std::ranges::sort(texts);
  return texts;
}

/// One for each of the first workloads, `most` at most.
std::vector<Edit> edits_of(const std::string& text, std::size_t most) {
  std::vector<Edit> edits;
  for (const auto& manifest : flux::manifests::parse_file("x.yaml", text).manifests) {
    const auto containers = flux::manifests::containers_of(*manifest);
    if (containers.empty() || edits.size() == most) continue;
    edits.push_back({text, manifest, {containers.front().name, {}, containers.front().image.with_tag("9.9.9")}});
  }
  return edits;
}

double measure(const std::vector<Edit>& edits, double seconds) {
  std::size_t bytes = 0;
  for (const auto& edit : edits) bytes += edit.text.size();
  std::vector<double> rates;
  for (const auto began = cpu_seconds(); rates.size() < 3 || cpu_seconds() - began < seconds;) {
    const auto before = cpu_seconds();
    for (const auto& [text, manifest, update] : edits) {
      const auto edited = flux::manifests::set_images(text, *manifest, manifest->id_in("x"), std::span(&update, 1));
      if (edited) continue;
      fmt::print(stderr, "yaml-edit: {}\n", edited.error().message);
      std::exit(1);
    }
    rates.push_back(static_cast<double>(bytes) / (cpu_seconds() - before) / 1e6);
  }
  std::ranges::sort(rates);
  return rates[rates.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: yaml-edit SECONDS DIR...\n");
    return 2;
  }
  const double seconds = std::strtod(argv[1], nullptr);
  for (int i = 2; i < argc; ++i) {
    std::vector<Edit> alone;
    std::string stream;
    for (const auto& text : texts_below(argv[i])) {
      std::ranges::move(edits_of(text, 1), std::back_inserter(alone));
      stream += "---\n" + text + "\n";
    }
    const nlohmann::ordered_json result{{"edits", alone.size()},
                                        {"bytes", stream.size()},
                                        {"files", measure(alone, seconds)},
                                        {"stream", measure(edits_of(stream, 5), seconds)}};
    fmt::print("{}\n", result.dump());
  }
  return 0;
}
