#include "manifests/workloads/helm_images.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/json.h"
#include "manifests/workloads/json_text.h"

namespace flux::manifests {
namespace {

using Value = SortedJson;

constexpr std::string_view kRepositoryPrefix = "repository.fluxcd.io/";
constexpr std::string_view kRegistryPrefix = "registry.fluxcd.io/";
constexpr std::string_view kTagPrefix = "tag.fluxcd.io/";

using FoundByName = std::map<std::string, ReleaseImage>;

const std::string* text_in(const Value& values, const ValuePath& path) {
  return value_at(values, path).get_ptr<const std::string*>();
}

/// What is not text takes no part, but is kept as the place of a tag.
std::optional<ReleaseImage> assemble(const Value& values, ReleaseImage image) {
  const auto* repository = text_in(values, image.repository);
  if (!repository) return std::nullopt;
  auto& text = image.container.text;
  if (image.registry && !text_in(values, *image.registry)) image.registry.reset();
  if (image.registry) text += *text_in(values, *image.registry) + "/";
  text += *repository;
  if (const auto* tag = image.tag ? text_in(values, *image.tag) : nullptr) text += ":" + *tag;
  auto ref = ImageRef::parse(text);
  if (!ref) return std::nullopt;
  image.container.image = std::move(*ref);
  return image;
}

/// In the mapping at `path`.
void find_in(const Value& values, const std::string& name, ValuePath path, FoundByName& found) {
  const auto& mapping = value_at(values, path);
  const auto image = mapping.find("image");
  if (image == mapping.end()) return;
  const bool nested = image->is_object();
  if (nested) path.emplace_back("image");
  const auto& parts = nested ? *image : mapping;
  const auto at = [&](const char* key) {
    auto place = path;
    place.emplace_back(key);
    return place;
  };
  ReleaseImage one{{name, {}, {}}, at(nested ? "repository" : "image"), std::nullopt, std::nullopt};
  if (parts.contains("registry")) one.registry = at("registry");
  if (const auto tag = parts.find("tag"); tag != parts.end() && !tag->is_structured()) one.tag = at("tag");
  if (auto whole = assemble(values, std::move(one))) found.insert_or_assign(name, std::move(*whole));
}

FoundByName find_by_shape(const Value& values) {
  FoundByName found;
  find_in(values, std::string(kChartImage), {}, found);
  for (const auto& [key, value] : values.items())
    if (value.is_object()) find_in(values, key, {key}, found);
  return found;
}

FoundByName find_by_annotation(const Value& values, const std::map<std::string, std::string>& annotations) {
  FoundByName found;
  for (const auto& [key, path] : annotations) {
    if (!key.starts_with(kRepositoryPrefix)) continue;
    const auto alias = key.substr(kRepositoryPrefix.size());
    bool usable = true;
    const auto part = [&](std::string_view prefix) -> std::optional<ValuePath> {
      const auto at = annotations.find(std::string(prefix).append(alias));
      if (at == annotations.end()) return std::nullopt;
      auto place = value_path(at->second);
      usable = usable && text_in(values, place);
      return place;
    };
    ReleaseImage one{{alias, {}, {}}, value_path(path), part(kRegistryPrefix), part(kTagPrefix), true};
    if (!usable) continue;
    if (auto whole = assemble(values, std::move(one))) found.insert_or_assign(alias, std::move(*whole));
  }
  return found;
}

/// Two names for one place are one image: that which annotations name.
FoundByName find_images(const Value& values, const std::map<std::string, std::string>& annotations) {
  if (!values.is_object()) return {};
  auto found = find_by_annotation(values, annotations);
  std::set<ValuePath> places;
  for (const auto& [name, one] : found) places.insert(one.repository);
  for (auto& [name, one] : find_by_shape(values))
    if (!places.contains(one.repository)) found.try_emplace(name, std::move(one));
  return found;
}

}  // namespace

std::vector<Container> helm_images(std::string_view values, const std::map<std::string, std::string>& annotations) {
  return images_in_values(parse_sorted_json(values).value_or(nullptr), annotations);
}

std::vector<Container> images_in_values(const Value& values, const std::map<std::string, std::string>& annotations) {
  std::vector<Container> images;
  for (auto& [name, one] : find_images(values, annotations)) images.push_back(std::move(one.container));
  // First, and the others as they are. Not stable_partition: clang refuses to compile that of libstdc++ 12.
  const auto chart = std::ranges::find(images, kChartImage, &Container::name);
  if (chart != images.end()) std::rotate(images.begin(), chart, chart + 1);
  return images;
}

std::optional<ReleaseImage> find_release_image(const Value& values,
                                               const std::map<std::string, std::string>& annotations,
                                               const std::string& name) {
  auto found = find_images(values, annotations);
  const auto one = found.find(name);
  if (one == found.end()) return std::nullopt;
  return std::move(one->second);
}

const Value& value_at(const Value& values, const ValuePath& path) {
  const auto* at = &values;
  for (const auto& key : path) at = &member_of(*at, key);
  return *at;
}

ValuePath value_path(std::string_view dotted) {
  ValuePath path;
  for (;;) {
    const auto dot = std::min(dotted.find('.'), dotted.size());
    path.emplace_back(dotted.substr(0, dot));
    if (dot == dotted.size()) return path;
    dotted.remove_prefix(dot + 1);
  }
}

}  // namespace flux::manifests
