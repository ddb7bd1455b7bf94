#include "manifests/workloads/helm_images.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/json.h"

namespace flux::manifests {
namespace {

using Value = SortedJson;

constexpr std::string_view kRepositoryPrefix = "repository.fluxcd.io/";
constexpr std::string_view kRegistryPrefix = "registry.fluxcd.io/";
constexpr std::string_view kTagPrefix = "tag.fluxcd.io/";

/// An image with the path of its repository, which tells two names for one place apart from two images.
struct Found {
  ImageRef image;
  std::string place;
};

using FoundByName = std::map<std::string, Found>;

const std::string* text_at(const Value& mapping, const std::string& key) {
  const auto at = mapping.find(key);
  return at == mapping.end() ? nullptr : at->get_ptr<const std::string*>();
}

std::optional<ImageRef> assemble(const std::string* registry, const std::string& repository, const std::string* tag) {
  std::string text;
  if (registry) text += *registry + "/";
  text += repository;
  if (tag) text += ":" + *tag;
  auto image = ImageRef::parse(text);
  if (!image) return std::nullopt;
  return std::move(*image);
}

std::optional<ImageRef> read_shape(const Value& mapping, const std::string& repository_key) {
  const auto* repository = text_at(mapping, repository_key);
  if (!repository) return std::nullopt;
  return assemble(text_at(mapping, "registry"), *repository, text_at(mapping, "tag"));
}

/// `below` is the path of the mapping with a closing dot; empty for the values themselves.
void find_in(const Value& mapping, const std::string& name, const std::string& below, FoundByName& found) {
  const auto image = mapping.find("image");
  if (image == mapping.end()) return;
  const bool nested = image->is_object();
  if (auto ref = nested ? read_shape(*image, "repository") : read_shape(mapping, "image"))
    found.insert_or_assign(name, Found{std::move(*ref), below + (nested ? "image.repository" : "image")});
}

FoundByName find_by_shape(const Value& values) {
  FoundByName found;
  find_in(values, std::string(kChartImage), "", found);
  for (const auto& [key, value] : values.items())
    if (value.is_object()) find_in(value, key, key + ".", found);
  return found;
}

const std::string* text_at_path(const Value& values, std::string_view path) {
  const auto* at = &values;
  for (;;) {
    const auto dot = std::min(path.find('.'), path.size());
    if (!at->is_object()) return nullptr;
    const auto next = at->find(std::string(path.substr(0, dot)));
    if (next == at->end()) return nullptr;
    at = &*next;
    if (dot == path.size()) return at->get_ptr<const std::string*>();
    path.remove_prefix(dot + 1);
  }
}

/// A part that an annotation names: absent, found, or named and not found.
struct Part {
  bool named = false;
  const std::string* text = nullptr;
  [[nodiscard]] bool usable() const { return !named || text; }
};

FoundByName find_by_annotation(const Value& values, const std::map<std::string, std::string>& annotations) {
  const auto part = [&](std::string_view prefix, std::string_view alias) {
    const auto at = annotations.find(std::string(prefix).append(alias));
    return at == annotations.end() ? Part{} : Part{true, text_at_path(values, at->second)};
  };
  FoundByName found;
  for (const auto& [key, path] : annotations) {
    if (!key.starts_with(kRepositoryPrefix)) continue;
    const auto alias = key.substr(kRepositoryPrefix.size());
    const auto* repository = text_at_path(values, path);
    const auto registry = part(kRegistryPrefix, alias);
    const auto tag = part(kTagPrefix, alias);
    if (!repository || !registry.usable() || !tag.usable()) continue;
    if (auto ref = assemble(registry.text, *repository, tag.text))
      found.insert_or_assign(alias, Found{std::move(*ref), path});
  }
  return found;
}

}  // namespace

std::vector<HelmImage> helm_images(std::string_view text, const std::map<std::string, std::string>& annotations) {
  const auto values = parse_sorted_json(text).value_or(nullptr);
  if (!values.is_object()) return {};
  auto found = find_by_annotation(values, annotations);
  std::set<std::string> places;
  for (const auto& [name, one] : found) places.insert(one.place);
  for (auto& [name, one] : find_by_shape(values))
    if (!places.contains(one.place)) found.try_emplace(name, std::move(one));

  std::vector<HelmImage> images;
  for (auto& [name, one] : found) images.push_back({name, std::move(one.image)});
  std::ranges::stable_partition(images, [](const HelmImage& image) { return image.container == kChartImage; });
  return images;
}

}  // namespace flux::manifests
