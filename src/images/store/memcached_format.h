#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "images/record.h"

/// The items by which Flux v1 keeps images in memcached (compat/daemon.md 6.9). All pure.
namespace flux::images::v1 {

[[nodiscard]] std::string repository_key(const std::string& name);
[[nodiscard]] std::string manifest_key(const std::string& name, const std::string& tag);
/// Whether memcached takes it: 250 bytes at most, without blanks and controls.
[[nodiscard]] bool is_key(std::string_view key);

/// Which of `count` servers, at least one, has the item.
[[nodiscard]] std::size_t server_of(std::string_view key, std::size_t count);

/// After how many seconds memcached may drop an item that is to be refreshed at `deadline`.
[[nodiscard]] std::uint32_t expiry(Timestamp deadline, Timestamp now);

[[nodiscard]] std::string repository_value(const Repository& repository, Timestamp deadline);
/// Without what is excluded, which is with the manifests. Nothing when it is none.
[[nodiscard]] std::optional<Repository> read_repository(std::string_view value);

struct ManifestEntry {
  std::optional<ImageInfo> info;  ///< nothing: excluded
  std::string excluded;
  Timestamp deadline;
};
[[nodiscard]] std::string manifest_value(const ManifestEntry& entry);
[[nodiscard]] std::optional<ManifestEntry> read_manifest(std::string_view value);

/// Takes into the record what Flux v1 has learned since: the list of tags, and what it has fetched later than we have.
/// Its reasons to exclude an image are not ours, and left out.
void merge(Record& record, const std::string& name, Repository theirs,
           const std::map<std::string, ManifestEntry>& entries);

}  // namespace flux::images::v1
