#include "images/registry/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "images/registry/bounded_json.h"

namespace flux::images {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostManifestValues =
    100'000;  // of a manifest or a config; those of real ones are some thousand at most

constexpr auto kBuildDate = "org.label-schema.build-date";
constexpr auto kImageCreated = "org.opencontainers.image.created";

/// nullptr when it is absent or null.
const Json* member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(name);
  return at == object.end() || at->is_null() ? nullptr : &*at;
}

std::string text(const Json& object, std::string_view name) {
  const auto* found = member(object, name);
  return found && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<Timestamp> time(const Json& object, std::string_view name) { return parse_timestamp(text(object, name)); }

void take_labels(const Json& labels, ConfigFacts& facts) {
  const auto take = [&](const char* name, std::optional<Timestamp>& to) {
    const auto value = text(labels, name);
    if (value.empty()) return;
    to = parse_timestamp(value);
    if (!to) facts.bad_labels.push_back(fmt::format("{}={}", name, value));
  };
  take(kBuildDate, facts.build_date);
  take(kImageCreated, facts.image_created);
}

std::optional<Platform> platform_of(const Json& object) {
  Platform platform{text(object, "os"), text(object, "architecture"), text(object, "variant")};
  if (platform.os.empty() && platform.architecture.empty()) return std::nullopt;
  return platform;
}

bool is_attestation(const Json& entry, const std::optional<Platform>& platform) {
  if (platform && platform->os == "unknown" && platform->architecture == "unknown") return true;
  const auto* annotations = member(entry, "annotations");
  return annotations && !text(*annotations, "vnd.docker.reference.type").empty();
}

Manifest index_of(const Json& manifests) {
  ImageIndex index;
  for (const auto& entry : manifests) {
    const auto digest = text(entry, "digest");
    const auto* described = member(entry, "platform");
    const auto platform = described ? platform_of(*described) : std::nullopt;
    if (digest.empty() || is_attestation(entry, platform)) continue;
    if (!text(entry, "artifactType").empty()) continue;
    index.entries.push_back({digest, platform});
  }
  if (index.entries.empty()) return NotAnImage{"not an image (an index without images)"};
  return index;
}

bool is_image_config(std::string_view type) {
  constexpr std::array kTypes{""sv, "application/vnd.docker.container.image.v1+json"sv,
                              "application/vnd.oci.image.config.v1+json"sv, "application/octet-stream"sv};
  return std::ranges::find(kTypes, type) != kTypes.end();
}

/// Cosign and its kin give what they store the config of an image.
bool is_layer_of_something_else(std::string_view type) {
  constexpr std::array kMarks{"cosign"sv, "in-toto"sv, "simplesigning"sv, "spdx"sv, "cyclonedx"sv, "sigstore"sv};
  return std::ranges::any_of(kMarks, [&](auto mark) { return type.find(mark) != std::string_view::npos; });
}

Result<Manifest> image_of(const Json& manifest, const Json& config) {
  const auto artifact = text(manifest, "artifactType");
  const auto type = text(config, "mediaType");
  if (!is_image_config(type)) return NotAnImage{fmt::format("not an image ({})", artifact.empty() ? type : artifact)};
  if (!artifact.empty()) return NotAnImage{fmt::format("not an image ({})", artifact)};
  const auto* layers = member(manifest, "layers");
  if (layers && layers->is_array() && !layers->empty()) {
    const auto first = text(layers->front(), "mediaType");
    if (is_layer_of_something_else(first)) return NotAnImage{fmt::format("not an image ({})", first)};
  }
  const auto digest = text(config, "digest");
  if (digest.empty()) return fail(ErrorKind::server, "the manifest does not name its config");
  return ImageManifest{digest};
}

Result<Manifest> schema1_of(const Json& history) {
  if (history.empty()) return fail(ErrorKind::server, "the manifest (schema 1) has no history");
  const auto newest = parse_bounded_json(text(history.front(), "v1Compatibility"), kMostManifestValues);
  if (!newest) return fail(ErrorKind::server, "the history of the manifest (schema 1) is not JSON");
  ConfigFacts facts;
  facts.image_id = text(*newest, "id");
  facts.created = time(*newest, "created");
  facts.platform = platform_of(*newest);
  const auto* config = member(*newest, "config");
  const auto* labels = config ? member(*config, "Labels") : nullptr;
  if (labels) take_labels(*labels, facts);
  return facts;
}

}  // namespace

Result<Manifest> read_manifest(std::string_view body) {
  const auto json = parse_bounded_json(body, kMostManifestValues);
  if (!json) return Failure(json.error());
  if (!json->is_object()) return fail(ErrorKind::server, "the answer is not a JSON object");
  if (const auto* entries = member(*json, "manifests"); entries && entries->is_array()) return index_of(*entries);
  if (const auto* config = member(*json, "config"); config && config->is_object()) return image_of(*json, *config);
  if (const auto* history = member(*json, "history"); history && history->is_array()) return schema1_of(*history);
  const auto artifact = text(*json, "artifactType");
  if (!artifact.empty()) return NotAnImage{fmt::format("not an image ({})", artifact)};
  return fail(ErrorKind::server, "the manifest is of no known kind");
}

Result<ConfigFacts> read_config(std::string_view body, const std::string& digest) {
  const auto json = parse_bounded_json(body, kMostManifestValues);
  if (!json) return Failure(json.error());
  if (!json->is_object()) return fail(ErrorKind::server, "the answer is not a JSON object");
  ConfigFacts facts;
  facts.image_id = digest;
  facts.created = time(*json, "created");
  facts.platform = platform_of(*json);
  for (const auto* name : {"config", "container_config"}) {
    const auto* config = member(*json, name);
    const auto* labels = config ? member(*config, "Labels") : nullptr;
    if (!labels || !labels->is_object() || labels->empty()) continue;
    take_labels(*labels, facts);
    break;
  }
  return facts;
}

std::vector<const IndexEntry*> suitable(const ImageIndex& index, const std::vector<Platform>& platforms) {
  std::vector<const IndexEntry*> found;
  for (const auto& wanted : platforms)
    for (const auto& entry : index.entries)
      if (entry.platform && entry.platform->os == wanted.os && entry.platform->architecture == wanted.architecture &&
          (wanted.variant.empty() || entry.platform->variant == wanted.variant))
        found.push_back(&entry);
  if (found.size() > 1) found.resize(1);
  if (!found.empty()) return found;
  for (const auto& entry : index.entries)
    if (!entry.platform) found.push_back(&entry);
  return found;
}

std::optional<std::string> not_an_image_by_name(std::string_view tag) {
  constexpr auto kPrefix = "sha256-"sv;
  constexpr std::size_t kHex = 64;
  if (!tag.starts_with(kPrefix)) return std::nullopt;
  const auto rest = tag.substr(kPrefix.size());
  const auto hex = rest.find_first_not_of("0123456789abcdef");
  if (std::min(hex, rest.size()) != kHex) return std::nullopt;
  const auto suffix = rest.substr(kHex);
  if (!suffix.empty() && suffix.front() != '.') return std::nullopt;
  return suffix.empty() ? "not an image (what belongs to the image with this digest)"
                        : fmt::format("not an image ({})", suffix.substr(1));
}

}  // namespace flux::images
