#include "manifests/object.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <span>

#include "manifests/controlled.h"
#include "manifests/exported.h"
#include "manifests/repeated.h"
#include "manifests/secret_data.h"
#include "yaml/encode.h"
#include "yaml/json.h"

namespace flux::manifests {
namespace {

using Annotations = std::map<std::string, std::string>;

Failure refuse(yaml::Node node, std::string_view what) {
  return fail(ErrorKind::user, fmt::format("line {}: {}", node.line(), what));
}

Result<Annotations> annotations_of(yaml::Node metadata) {
  Annotations out;
  const auto annotations = metadata.find("annotations");
  if (!annotations || annotations->is_null()) return out;
  if (!annotations->is_mapping()) return refuse(*annotations, "metadata.annotations has to be a mapping");
  for (std::size_t i = 0; i < annotations->size(); ++i) {
    const auto entry = annotations->entry(i);
    auto name = yaml::scalar_text(entry.key);
    auto text = scalar_field(entry.value, "metadata.annotations." + name);
    if (!text) return Failure(std::move(text.error()));
    out.insert_or_assign(std::move(name), std::move(*text));
  }
  return out;
}

Result<void> read_metadata(yaml::Node metadata, Manifest& manifest) {
  if (metadata.is_null()) return {};
  if (!metadata.is_mapping()) return refuse(metadata, "metadata has to be a mapping");
  auto name = scalar_field(metadata.find("name"), "metadata.name");
  if (!name) return Failure(std::move(name.error()));
  auto ns = scalar_field(metadata.find("namespace"), "metadata.namespace");
  if (!ns) return Failure(std::move(ns.error()));
  auto annotations = annotations_of(metadata);
  if (!annotations) return Failure(std::move(annotations.error()));
  auto json = yaml::to_json_without(metadata, server_metadata());
  if (!json) return Failure(std::move(json.error()));
  manifest.name = std::move(*name);
  manifest.ns = std::move(*ns);
  manifest.policies = policies_of(*annotations);
  manifest.metadata = std::move(*json);
  return {};
}

/// A release's values are where its images are found; the original refuses anything but a mapping there.
Result<void> check_release(yaml::Node object) {
  const auto spec = object.find("spec");
  const auto values = spec ? spec->find("values") : std::nullopt;
  if (values && !values->is_null() && !values->is_mapping()) return refuse(*values, "spec.values has to be a mapping");
  return {};
}

}  // namespace

Result<std::string> scalar_field(const std::optional<yaml::Node>& node, std::string_view field) {
  if (!node) return std::string();
  if (node->is_scalar()) return yaml::scalar_text(*node);
  return refuse(*node,
                fmt::format("{} has to be a scalar, not a {}", field, node->is_mapping() ? "mapping" : "sequence"));
}

Result<Manifest> manifest_of(yaml::Node object, Source source, Remarks& remarks) {
  Manifest manifest;
  manifest.source = std::move(source);
  manifest.source.line = object.line();
  manifest.metadata = "{}";
  auto kind = scalar_field(object.find("kind"), "kind");
  if (!kind) return Failure(std::move(kind.error()));
  auto api_version = scalar_field(object.find("apiVersion"), "apiVersion");
  if (!api_version) return Failure(std::move(api_version.error()));
  manifest.type = {std::move(*api_version), std::move(*kind)};
  if (const auto metadata = object.find("metadata"))
    if (auto ok = read_metadata(*metadata, manifest); !ok) return Failure(std::move(ok.error()));
  if (manifest.type.kind == "HelmRelease")
    if (auto ok = check_release(object); !ok) return Failure(std::move(ok.error()));
  static constexpr std::array<std::string_view, 2> kNotInRest{"metadata", "status"};
  auto rest = yaml::to_json_without(object, std::span(kNotInRest).first(has_server_status(manifest.type) ? 2 : 1));
  if (!rest) return Failure(std::move(rest.error()));
  manifest.rest = std::move(*rest);
  if (manifest.type == ApiType{"v1", "Secret"} && object.find("stringData"))
    manifest.rest = with_data_only(std::move(manifest.rest));
  manifest.rest = without_controlled(std::move(manifest.rest), manifest.type);
  manifest.checksum = yaml::checksum(object);
  note_left_out(object, manifest.type, remarks.left_out);
  auto repeated = find_repeated(object, manifest.type, manifest.name);
  if (!repeated.superseded.empty()) manifest.rest = without_items(manifest.rest, repeated.superseded);
  std::ranges::move(repeated.warnings, std::back_inserter(remarks.warnings));
  // They stay for as long as git has them.
  manifest.metadata.shrink_to_fit();
  manifest.rest.shrink_to_fit();
  return manifest;
}

}  // namespace flux::manifests
