#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "images/registry/options.h"

namespace flux::images {

/// Every type of manifest that we read, for the Accept header: some registries answer 404 to whoever leaves one out.
inline constexpr std::string_view kManifestTypes =
    "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.v1+prettyjws, application/json";

/// What an image's config says (compat/daemon.md 6.6).
struct ConfigFacts {
  std::string image_id{};  ///< digest of the config; of schema 1 the id in its history
  std::optional<Timestamp> created{};
  std::optional<Timestamp> build_date{};     ///< of the label org.label-schema.build-date
  std::optional<Timestamp> image_created{};  ///< of the label org.opencontainers.image.created
  std::optional<Platform> platform{};
  std::vector<std::string> bad_labels{};  ///< `NAME=VALUE` of those two that are no time
};

/// One entry of an index.
struct IndexEntry {
  std::string digest;
  std::optional<Platform> platform{};  ///< the specification allows to leave it out
};

/// An image whose config has yet to be fetched.
struct ImageManifest {
  std::string config_digest;
};
/// What several platforms have in common.
struct ImageIndex {
  std::vector<IndexEntry> entries;  ///< without attestations
};
/// A signature, a chart, an attestation: anything that nobody can run.
struct NotAnImage {
  std::string reason;
};
using Manifest = std::variant<ImageManifest, ImageIndex, ConfigFacts, NotAnImage>;

/// Reads a manifest of any kind by what is in it, because neither the header nor the body has to tell its type. Of
/// schema 1, where nothing else has to be fetched, it gives the facts. Server error for anything else, such as the
/// page of a proxy.
[[nodiscard]] Result<Manifest> read_manifest(std::string_view body);

/// Reads an image's config. The labels are those of `config`, else of `container_config`.
[[nodiscard]] Result<ConfigFacts> read_config(std::string_view body, const std::string& digest);

/// The entries to look at, in order: the one for the first of `platforms` that is there, else all that do not say what
/// they are for, which may be indexes again. They point into `index`.
[[nodiscard]] std::vector<const IndexEntry*> suitable(const ImageIndex& index, const std::vector<Platform>& platforms);

/// Whether the tag is one by which a tool keeps something else beside an image: `sha256-<digest>.sig` and its kin.
/// Then the reason, as for NotAnImage.
[[nodiscard]] std::optional<std::string> not_an_image_by_name(std::string_view tag);

}  // namespace flux::images
