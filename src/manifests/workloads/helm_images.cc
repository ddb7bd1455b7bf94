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
  std::string text;
  ImageRef image;
  std::string place;
};

using FoundByName = std::map<std::string, Found>;

const std::string* text_at(const Value& mapping, const std::string& key) {
  const auto at = mapping.find(key);
  return at == mapping.end() ? nullptr : at->get_ptr<const std::string*>();
}

std::optional<Found> assemble(const std::string* registry, const std::string& repository, const std::string* tag,
                              const std::string& place) {
  std::string text;
  if (registry) text += *registry + "/";
  text += repository;
  if (tag) text += ":" + *tag;
  auto image = ImageRef::parse(text);
  if (!image) return std::nullopt;
  return Found{std::move(text), std::move(*image), place};
}

/// `below` is the path of the mapping with a closing dot; empty for the values themselves.
void find_in(const Value& mapping, const std::string& name, const std::string& below, FoundByName& found) {
  const auto image = mapping.find("image");
  if (image == mapping.end()) return;
  const bool nested = image->is_object();
  const auto& parts = nested ? *image : mapping;
  const auto* repository = text_at(parts, nested ? "repository" : "image");
  if (!repository) return;
  const auto place = below + (nested ? "image.repository" : "image");
  if (auto one = assemble(text_at(parts, "registry"), *repository, text_at(parts, "tag"), place))
    found.insert_or_assign(name, std::move(*one));
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
    if (auto one = assemble(registry.text, *repository, tag.text, path)) found.insert_or_assign(alias, std::move(*one));
  }
  return found;
}

}  // namespace

std::vector<Container> helm_images(std::string_view values, const std::map<std::string, std::string>& annotations) {
  return images_in_values(parse_sorted_json(values).value_or(nullptr), annotations);
}

std::vector<Container> images_in_values(const Value& values, const std::map<std::string, std::string>& annotations) {
  if (!values.is_object()) return {};
  auto found = find_by_annotation(values, annotations);
  std::set<std::string> places;
  for (const auto& [name, one] : found) places.insert(one.place);
  for (auto& [name, one] : find_by_shape(values))
    if (!places.contains(one.place)) found.try_emplace(name, std::move(one));

  std::vector<Container> images;
  for (auto& [name, one] : found) images.push_back({name, std::move(one.text), std::move(one.image)});
  // First, and the others as they are. Not stable_partition: clang refuses to compile that of libstdc++ 12.
  const auto chart = std::ranges::find(images, kChartImage, &Container::name);
  if (chart != images.end()) std::rotate(images.begin(), chart, chart + 1);
  return images;
}

}  // namespace flux::manifests
