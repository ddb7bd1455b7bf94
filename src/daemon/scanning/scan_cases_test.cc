// The cases of kind `scan` (tests/cases/README.md): which of the images that run are scanned.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "base/json.h"
#include "base/read_file.h"
#include "daemon/scanning/targets.h"

namespace flux::daemon {
namespace scan_cases_test {

namespace fs = std::filesystem;

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(FLUX_CASES))
    if (fs::exists(entry.path() / "scan.json")) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

Json read(const fs::path& file) { return parse_json(read_file(file).value()).value(); }

/// One workload for each image: one that cannot be read must not take the others with it.
std::vector<cluster::LiveWorkload> running(const std::vector<std::string>& images) {
  std::vector<cluster::LiveWorkload> live;
  for (const auto& image : images) {
    auto& workload = live.emplace_back();
    workload.type = {"apps/v1", "Deployment"};
    workload.id = ResourceId("shop", "deployment", "w" + std::to_string(live.size()));
    workload.containers = {{"main", image}};
  }
  return live;
}

class ScanCases : public testing::TestWithParam<std::string> {};

TEST_P(ScanCases, ScanWhatTheGlobsLetThrough) {
  const auto folder = fs::path(FLUX_CASES) / GetParam();
  const auto given = read(folder / "scan.json");
  using Texts = std::vector<std::string>;
  Texts scanned;
  for (const auto& target :
       scan_targets(running(given.at("images").get<Texts>()), {},
                    {.include = given.value("include", Texts()), .exclude = given.value("exclude", Texts())}))
    scanned.push_back(target.image.name());
  const auto expected = read(folder / "expect.json").at("scanned").get<Texts>();
  EXPECT_THAT(scanned, testing::UnorderedElementsAreArray(expected));
}

INSTANTIATE_TEST_SUITE_P(All, ScanCases, testing::ValuesIn(names()), [](const auto& row) {
  auto name = row.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace scan_cases_test
}  // namespace flux::daemon
