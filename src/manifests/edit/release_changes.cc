#include "manifests/edit/release_changes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "base/json.h"

namespace flux::manifests {
namespace {

using ValueChanges = std::vector<ValueChange>;
using Annotations = std::map<std::string, std::string>;

std::string shown(const ValuePath& path) { return fmt::format("spec.values.{}", fmt::join(path, ".")); }

std::string text_of_field(const SortedJson& values, const ValuePath& path) {
  const auto* text = value_at(values, path).get_ptr<const std::string*>();
  return text ? *text : std::string();
}

/// Without tag and digest; a port is no tag.
std::string name_in(const std::string& field) {
  const auto slash = field.rfind('/');
  const auto end = field.find_first_of(":@", slash == std::string::npos ? 0 : slash);
  return field.substr(0, end);
}

std::string suffix_of(const ImageRef& image) {
  if (!image.digest.empty()) return "@sha256:" + image.digest;
  return image.tag.empty() ? "" : ":" + image.tag;
}

/// Why there is no image of this name, as far as annotations tell.
Failure not_found(const SortedJson& values, const Annotations& annotations, const std::string& name) {
  constexpr std::array<const char*, 3> kKinds{"repository", "registry", "tag"};
  for (const auto* kind : kKinds) {
    const auto named = annotations.find(std::string(kind) + ".fluxcd.io/" + name);
    if (named == annotations.end()) continue;
    const auto& value = value_at(values, value_path(named->second));
    if (value.is_string()) continue;
    return fail(ErrorKind::user,
                fmt::format("unable to resolve path(s):\n{} (annotation {}): {}", named->second, named->first,
                            value.is_null() ? "nothing is there" : "it has to be text"),
                "Write the path below spec.values to a text in the annotation; put numbers in quotes.");
  }
  return fail(ErrorKind::user, fmt::format("container {} not found in spec.values", name),
              "Check its name against fluxctl list-images, or name its place with the annotation "
              "repository.fluxcd.io/" +
                  name + ".");
}

/// Half of what annotations have to say is no reason to guess the other.
Result<void> check_mapping(const Annotations& annotations, const std::string& name) {
  const auto repository = "repository.fluxcd.io/" + name;
  for (const auto* kind : {"tag", "registry"})
    if (const auto key = fmt::format("{}.fluxcd.io/{}", kind, name);
        annotations.contains(key) && !annotations.contains(repository))
      return fail(ErrorKind::user, fmt::format("annotation {} is there without {}", key, repository),
                  "Name the place of the repository with that annotation, too.");
  return {};
}

/// A tag that charts take from where Flux does not look would come beside the one that it writes.
Result<void> check_beside(const SortedJson& values, const ReleaseImage& image) {
  if (image.is_mapped || image.tag) return {};
  // Beside the repository, and where that is in a mapping `image`, beside this.
  for (auto around = image.repository; !around.empty(); around.pop_back()) {
    if (around.back() != "image" && around.back() != "repository") break;
    auto beside = around;
    for (const auto* key : {"imageTag", "image_tag"}) {
      beside.back() = key;
      const auto& value = value_at(values, beside);
      if (value.is_null() || value.is_structured()) continue;
      return fail(
          ErrorKind::user,
          fmt::format("{} stands beside {}, so it is not clear where the tag belongs", shown(beside), shown(around)),
          fmt::format("Say so with the annotations repository.fluxcd.io/{0} and tag.fluxcd.io/{0}.",
                      image.container.name));
    }
  }
  return {};
}

Failure does_not_fit(const ImageRef& target, const ValuePath& field, std::string_view why) {
  return fail(ErrorKind::user, fmt::format("{} cannot be written into {}: {}", target.to_string(), shown(field), why),
              "Change the release by hand.");
}

/// The fields for a name other than the current one; that of the repository without tag.
Result<ValueChanges> rename(const SortedJson& values, const ReleaseImage& image, const ImageRef& target) {
  const auto name = target.name();
  if (!image.registry) return ValueChanges{{image.repository, name}};
  const auto registry = text_of_field(values, *image.registry);
  if (name.starts_with(registry + "/")) return ValueChanges{{image.repository, name.substr(registry.size() + 1)}};
  // An empty registry would hide the image.
  if (target.domain.empty()) return does_not_fit(target, *image.registry, "the image has no registry");
  return ValueChanges{{image.repository, target.path}, {*image.registry, target.domain}};
}

}  // namespace

Result<ValueChanges> release_changes(const SortedJson& values, const Annotations& annotations, const std::string& name,
                                     const ImageRef& target) {
  if (auto ok = check_mapping(annotations, name); !ok) return Failure(std::move(ok.error()));
  const auto image = find_release_image(values, annotations, name);
  if (!image) return not_found(values, annotations, name);
  if (auto ok = check_beside(values, *image); !ok) return Failure(std::move(ok.error()));
  Result<ValueChanges> changes = ValueChanges{{image->repository, name_in(text_of_field(values, image->repository))}};
  if (image->container.image.name() != target.name()) changes = rename(values, *image, target);
  if (!changes) return changes;
  if (!image->tag)
    changes->front().text += suffix_of(target);
  else if (!target.digest.empty() || target.tag.empty())
    return does_not_fit(target, *image->tag, "it has no tag, or a digest");
  else
    changes->push_back({*image->tag, target.tag});
  return changes;
}

}  // namespace flux::manifests
