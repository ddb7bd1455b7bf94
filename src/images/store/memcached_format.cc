#include "images/store/memcached_format.h"

#include <zlib.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/json.h"
#include "model/json_reader.h"

namespace flux::images::v1 {
namespace {

constexpr std::size_t kLongestKey = 250;
constexpr std::size_t kDeadlineBytes = 4;
constexpr const char* kNever = "0001-01-01T00:00:00Z";

std::string with_deadline(Timestamp deadline, const Json& json) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(deadline.time_since_epoch()).count();
  const auto number = static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, UINT32_MAX));
  std::string value;
  for (const int shift : {24, 16, 8, 0}) value.push_back(static_cast<char>(number >> shift));
  return value + encode_json(json);
}

struct Read {
  Timestamp deadline;
  Json json;
};

std::optional<Read> read_value(std::string_view value) {
  if (value.size() < kDeadlineBytes) return std::nullopt;
  std::uint32_t number = 0;
  for (const char c : value.substr(0, kDeadlineBytes)) number = number << 8 | static_cast<unsigned char>(c);
  auto json = decode_json(value.substr(kDeadlineBytes));
  if (!json || !json->is_object()) return std::nullopt;
  return Read{Timestamp(std::chrono::seconds(number)), std::move(*json)};
}

Result<std::map<std::string, ImageInfo>> infos_from_json(const Json& json) {
  std::map<std::string, ImageInfo> infos;
  if (json.is_null()) return infos;
  if (!json.is_object()) return wrong_type("it", "an object", json);
  for (auto it = json.begin(); it != json.end(); ++it) {
    auto info = image_info_from_json(*it);
    if (!info) return Failure(info.error());
    infos.insert_or_assign(it.key(), std::move(*info));
  }
  return infos;
}

}  // namespace

std::string repository_key(const std::string& name) { return "registryrepov4|" + name; }

std::string manifest_key(const std::string& name, const std::string& tag) {
  return "registryhistoryv3|" + name + "|" + tag;
}

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= kLongestKey &&
         std::ranges::none_of(key, [](unsigned char c) { return c <= ' ' || c == 0x7f; });
}

std::size_t server_of(std::string_view key, std::size_t count) {
  const auto* bytes = reinterpret_cast<const Bytef*>(key.data());
  return crc32_z(0, bytes, key.size()) % count;
}

std::uint32_t expiry(Timestamp deadline, Timestamp now) {
  constexpr std::int64_t kLeast = 3600;
  constexpr std::int64_t kMost = 30 * 24 * 3600;  // beyond that memcached takes it for a date
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(deadline - now).count();
  return static_cast<std::uint32_t>(std::clamp(2 * left, kLeast, kMost));
}

std::string repository_value(const Repository& repository, Timestamp deadline) {
  Json images = Json::object();
  auto& members = images.get_ref<Json::object_t&>();
  for (const auto& [tag, info] : repository.images) members.emplace_back(tag, to_json(info));
  Json json = Json::object();
  json["Tags"] = list_or_null(repository.tags, [](const std::string& tag) { return Json(tag); });
  json["Images"] = std::move(images);
  json["LastError"] = repository.last_error;
  json["LastUpdate"] = repository.last_update ? format_timestamp(*repository.last_update) : kNever;
  return with_deadline(deadline, json);
}

std::optional<Repository> read_repository(std::string_view value) {
  const auto read = read_value(value);
  if (!read) return std::nullopt;
  ObjectReader in(read->json);
  Repository repository;
  repository.tags = in.texts("Tags");
  repository.images = in.value("Images", infos_from_json);
  repository.last_error = in.text("LastError");
  repository.last_update = parse_timestamp(in.text("LastUpdate"));
  auto done = in.done(std::move(repository));
  if (!done) return std::nullopt;
  return std::move(*done);
}

std::string manifest_value(const ManifestEntry& entry) {
  Json json = Json::object();
  if (entry.info)
    json = to_json(*entry.info);
  else
    json["ExcludedReason"] = entry.excluded;
  return with_deadline(entry.deadline, json);
}

std::optional<ManifestEntry> read_manifest(std::string_view value) {
  const auto read = read_value(value);
  if (!read) return std::nullopt;
  ManifestEntry entry;
  entry.deadline = read->deadline;
  ObjectReader in(read->json);
  entry.excluded = in.text("ExcludedReason");
  if (!in.done(true)) return std::nullopt;
  if (!entry.excluded.empty()) return entry;
  auto info = image_info_from_json(read->json);
  if (!info || info->id.empty()) return std::nullopt;
  entry.info = std::move(*info);
  return entry;
}

void merge(Record& record, const std::string& name, Repository theirs,
           const std::map<std::string, ManifestEntry>& entries) {
  const auto id = ImageRef::parse(name).value_or(ImageRef());
  auto& ours = record.repository;
  const std::set<std::string> listed(theirs.tags.begin(), theirs.tags.end());
  const auto gone = [&](const auto& entry) { return !listed.contains(entry.first); };
  std::erase_if(ours.images, gone);
  std::erase_if(ours.excluded, gone);
  std::erase_if(record.states, gone);
  for (const auto& tag : listed) {
    const auto entry = entries.find(tag);
    const auto in_repository = theirs.images.find(tag);
    std::optional<ImageInfo> info;
    if (entry != entries.end()) info = entry->second.info;
    if (!info && in_repository != theirs.images.end()) info = in_repository->second;
    if (!info || !info->last_fetched) continue;
    const auto known = ours.images.find(tag);
    if (known != ours.images.end() && known->second.last_fetched >= info->last_fetched) continue;
    auto& state = record.states[tag];
    const bool same = known != ours.images.end() && known->second.digest == info->digest;
    if (entry != entries.end()) {
      state.due = entry->second.deadline;
      state.refresh = std::max(Duration(entry->second.deadline - *info->last_fetched), Duration::zero());
    }
    state.error.clear();
    // Where the tag names an index theirs is the digest of what the index names. That only costs a request: the
    // registry will answer with another one.
    if (!same || state.digest.empty()) state.digest = info->digest;
    ours.excluded.erase(tag);
    info->id = id.with_tag(tag);
    ours.images.insert_or_assign(tag, std::move(*info));
  }
  ours.tags = std::move(theirs.tags);
  ours.last_error = std::move(theirs.last_error);
  ours.last_update = theirs.last_update;
}

}  // namespace flux::images::v1
