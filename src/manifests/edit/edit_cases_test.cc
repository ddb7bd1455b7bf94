// The cases of kind `edit` (tests/cases/README.md): files that people edited, and the bytes that are right afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "base/ascii.h"
#include "base/json.h"
#include "base/read_file.h"
#include "manifests/edit/edit.h"
#include "manifests/parse_file.h"

namespace flux::manifests {
namespace edit_cases_test {

namespace fs = std::filesystem;

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto& folder : fs::directory_iterator(FLUX_CASES))
    if (fs::exists(folder.path() / "edit.json")) out.push_back(folder.path().filename());
  std::ranges::sort(out);
  return out;
}

Policies set_of(const Json& json) {
  Policies set;
  for (const auto& [key, value] : json.items())
    set.emplace(json.is_array() ? value.get<std::string>() : key, json.is_array() ? "true" : value.get<std::string>());
  return set;
}

Result<std::string> apply(const Json& edit, const std::string& file, const Manifest& manifest, const ResourceId& id) {
  if (edit["op"] == "image") {
    const ContainerUpdate update{edit["container"], {}, ImageRef::parse(edit["image"].get<std::string>()).value()};
    return set_images(file, manifest, id, std::span(&update, 1));
  }
  if (edit["op"] == "policy") return update_policies(file, manifest, id, {set_of(edit["add"]), set_of(edit["remove"])});
  AnnotationChanges changes;
  for (const auto& [key, value] : edit["annotations"].items())
    changes[key] = value.is_null() ? std::nullopt : std::optional(value.get<std::string>());
  return annotate(file, manifest, id, changes);
}

/// The new text, or the sort of error with its message.
std::pair<std::string, std::string> outcome(const Json& edit, const std::string& file) {
  const auto content = parse_file("before.yaml", file);
  if (!content.problems.empty()) return {"parse", content.problems.front()};
  const ResourceId id(edit["namespace"].get<std::string>(), edit["kind"].get<std::string>(),
                      edit["name"].get<std::string>());
  for (const auto& manifest : content.manifests) {
    const auto ns = manifest->ns.empty() ? edit.value("default_namespace", "default") : manifest->ns;
    if (manifest->id_in(ns) != id) continue;
    const auto text = apply(edit, file, *manifest, id);
    if (!text) return {"refused", text.error().message};
    return {"", *text};
  }
  return {"not-found", "resource " + id.to_string() + " not found"};
}

class EditCases : public ::testing::TestWithParam<std::string> {};

TEST_P(EditCases, LeaveTheRightBytes) {
  const auto folder = fs::path(FLUX_CASES) / GetParam();
  const auto edit = parse_json(read_file(folder / "edit.json").value()).value();
  const auto [sort, text] = outcome(edit, read_file(folder / "before.yaml").value());
  std::vector<std::string> right;
  for (const auto& file : fs::directory_iterator(folder))
    if (file.path().filename().string().starts_with("after")) right.push_back(read_file(file.path()).value());
  if (sort.empty()) {
    EXPECT_THAT(right, ::testing::Contains(text));
    return;
  }
  ASSERT_TRUE(fs::exists(folder / "error.txt")) << text;
  std::istringstream expected(read_file(folder / "error.txt").value());
  std::string line;
  std::getline(expected, line);
  EXPECT_EQ(sort, line);
  while (std::getline(expected, line)) EXPECT_THAT(to_lower(text), ::testing::HasSubstr(to_lower(line)));
}

INSTANTIATE_TEST_SUITE_P(Cases, EditCases, ::testing::ValuesIn(names()), [](const auto& one) {
  auto name = one.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(EditCasesTest, AreAllThere) { EXPECT_GE(names().size(), 30U); }

}  // namespace edit_cases_test
}  // namespace flux::manifests
