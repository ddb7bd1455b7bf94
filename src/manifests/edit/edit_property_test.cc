// What holds of every edit, tried on every image and every annotation of all workloads in tests/corpus and tests/cases,
// as they are and with other line ends, byte order mark, comments, and as JSON.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "base/json.h"
#include "base/read_file.h"
#include "manifests/edit/annotations.h"
#include "manifests/edit/edit.h"
#include "manifests/edit/target.h"
#include "manifests/parse_file.h"
#include "manifests/workloads/containers.h"
#include "manifests/workloads/kinds.h"
#include "yaml/json.h"
#include "yaml/reader.h"

namespace flux::manifests {
namespace edit_property_test {

namespace fs = std::filesystem;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

/// Lines that are only before and only after, as of one place: `git diff --numstat` of an edit.
struct Changed {
  std::size_t removed;
  std::size_t added;
  friend bool operator==(const Changed&, const Changed&) = default;
};

Changed changed(const std::string& before, const std::string& after) {
  const auto a = lines_of(before);
  const auto b = lines_of(after);
  const auto most = std::min(a.size(), b.size());
  std::size_t front = 0;
  while (front < most && a[front] == b[front]) ++front;
  std::size_t back = 0;
  while (back < most - front && a[a.size() - 1 - back] == b[b.size() - 1 - back]) ++back;
  return {a.size() - front - back, b.size() - front - back};
}

/// Whether one is the other without one stretch of bytes.
bool is_one_cut(std::string_view longer, std::string_view shorter) {
  if (longer.size() < shorter.size()) return false;
  const auto front = std::ranges::mismatch(longer, shorter).in2 - shorter.begin();
  return longer.ends_with(shorter.substr(static_cast<std::size_t>(front)));
}

struct File {
  std::string name;
  std::string text;
};

std::vector<File> files() {
  std::vector<File> out;
  for (const auto* const root : {FLUX_CORPUS, FLUX_CASES})
    for (const auto& file : fs::recursive_directory_iterator(root)) {
      if (file.path().extension() != ".yaml" || file.path().stem().string().starts_with("after")) continue;
      auto text = read_file(file.path()).value();
      // The few that are larger are no workloads.
      if (text.size() > 100'000) continue;
      const auto content = parse_file("x", text);
      const auto is_one = [](const ManifestPtr& manifest) { return is_workload(manifest->type.kind); };
      if (std::ranges::any_of(content.manifests, is_one)) out.push_back({file.path().string(), std::move(text)});
    }
  return out;
}

std::string with_line_ends(const std::string& text, const std::function<std::string(std::size_t)>& end) {
  std::string out;
  std::size_t count = 0;
  for (const char c : text)
    if (c == '\n')
      out += end(count++);
    else if (c != '\r')
      out += c;
  return out;
}

std::optional<std::string> as_json(const std::string& text, int indent) {
  const auto documents = yaml::read_all(text);
  if (!documents || documents->size() != 1) return std::nullopt;
  const auto json = yaml::to_json(documents->front().root());
  if (!json || !json->starts_with('{')) return std::nullopt;
  return indent < 0 ? *json : parse_json(*json)->dump(indent, '\t') + "\n";
}

std::vector<File> variants(const File& file) {
  std::vector<File> out{file};
  const auto add = [&](const char* name, std::optional<std::string> text) {
    if (text && parse_file("x", *text).problems.empty()) out.push_back({file.name + ", " + name, *std::move(text)});
  };
  add("CRLF", with_line_ends(file.text, [](std::size_t) { return "\r\n"; }));
  add("mixed line ends", with_line_ends(file.text, [](std::size_t n) { return n % 3 == 0 ? "\r\n" : "\n"; }));
  add("byte order mark", "\xEF\xBB\xBF" + file.text);
  add("no final line break", file.text.substr(0, file.text.find_last_not_of("\r\n") + 1));
  add("between documents", "# a\n---\nb: c\n---\n" + file.text + "\n--- {d: e}\n");
  add("compact JSON", as_json(file.text, -1));
  add("JSON in lines", as_json(file.text, 1));
  return out;
}

/// Calls with each workload of each variant; gives their number.
using Check = std::function<void(const std::string& text, const Manifest& workload)>;
std::size_t for_each_workload(const Check& check) {
  std::size_t count = 0;
  for (const auto& file : files())
    for (const auto& variant : variants(file))
      for (const auto& manifest : parse_file("x.yaml", variant.text).manifests) {
        if (!is_workload(manifest->type.kind)) continue;
        const auto target = find_target(variant.text, *manifest);
        if (!target && target.error().message.find("sops") != std::string::npos) continue;
        SCOPED_TRACE(variant.name + " " + manifest->source.to_string());
        check(variant.text, *manifest);
        ++count;
      }
  return count;
}

const ResourceId& id() {
  static const ResourceId id("a", "deployment", "b");
  return id;
}

/// Where the file refuses, somebody else uses the value.
bool is_refused_for_sharing(const Result<std::string>& edited) {
  return !edited && edited.error().message.find(" is shared through the anchor &") != std::string::npos;
}

TEST(EditProperties, OfEveryImage) {
  std::size_t images = 0;
  const auto workloads = for_each_workload([&](const std::string& text, const Manifest& manifest) {
    for (const auto& container : containers_of(manifest)) {
      if (container.image.empty()) continue;
      ++images;
      const ContainerUpdate update{container.name, {}, container.image.with_tag("v9.9.9-longer.than_before")};
      const auto edited = set_images(text, manifest, id(), std::span(&update, 1));
      if (is_refused_for_sharing(edited)) continue;
      ASSERT_TRUE(edited) << edited.error().message;
      EXPECT_EQ(changed(text, *edited), (Changed{1, 1})) << *edited;
      // All bytes but the tag's are there, in their order, and the old image leads back to the old bytes.
      const ContainerUpdate back{container.name, {}, container.image};
      const auto again = set_images(*edited, manifest, id(), std::span(&back, 1));
      if (container.image.tag.empty()) continue;
      ASSERT_TRUE(again) << again.error().message;
      EXPECT_LE(changed(text, *again).removed, 1U);
      const auto same = set_images(*again, manifest, id(), std::span(&back, 1));
      EXPECT_EQ(same.value_or(""), *again);
    }
  });
  EXPECT_GE(workloads, 300U);
  EXPECT_GE(images, 300U);
}

TEST(EditProperties, OfEveryAnnotation) {
  std::size_t annotations = 0;
  for_each_workload([&](const std::string& text, const Manifest& manifest) {
    for (const auto& [key, value] : annotations_in(find_target(text, manifest)->object())) {
      ++annotations;
      for (const std::string other : {"true", "a: b, c=d #e"}) {
        if (other == value) continue;
        const auto edited = annotate(text, manifest, id(), {{key, other}});
        ASSERT_TRUE(edited) << edited.error().message;
        EXPECT_EQ(changed(text, *edited), (Changed{1, 1})) << *edited;
        EXPECT_EQ(annotations_in(find_target(*edited, manifest)->object()).at(key), other);
      }
      const auto removed = annotate(text, manifest, id(), {{key, std::nullopt}});
      ASSERT_TRUE(removed) << removed.error().message;
      EXPECT_TRUE(is_one_cut(text, *removed)) << *removed;
      EXPECT_FALSE(annotations_in(find_target(*removed, manifest)->object()).contains(key));
    }
  });
  EXPECT_GE(annotations, 100U);
}

/// What is put in and taken out again leaves no trace.
TEST(EditProperties, OfANewAnnotation) {
  for_each_workload([&](const std::string& text, const Manifest& manifest) {
    for (const std::string value : {"x", "'\"\n"}) {
      const auto edited = annotate(text, manifest, id(), {{"zz.example.org/new", value}});
      ASSERT_TRUE(edited) << edited.error().message;
      // A null makes room where it stands.
      EXPECT_TRUE(is_one_cut(*edited, text) || changed(text, *edited) == (Changed{1, 1})) << *edited;
      const auto back = annotate(*edited, manifest, id(), {{"zz.example.org/new", std::nullopt}});
      ASSERT_TRUE(back) << back.error().message;
      const bool had_no_annotations = annotations_in(find_target(text, manifest)->object()).empty();
      if (*back == text) continue;
      // An empty mapping goes with the last annotation.
      EXPECT_TRUE(had_no_annotations && text.find("annotations") != std::string::npos) << *back;
    }
  });
}

}  // namespace edit_property_test
}  // namespace flux::manifests
