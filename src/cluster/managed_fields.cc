#include "cluster/managed_fields.h"

#include <functional>

#include "cluster/json_reader.h"

namespace flux::cluster {
namespace {

constexpr std::uint64_t kSeed = 0xcbf29ce484222325;

// The finishing step of SplitMix64: sums of raw FNV values would collide too easily.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

std::uint64_t hash_key(std::uint64_t parent, std::string_view key) {
  auto hash = parent;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return mix(hash + key.size());
}

// Sums over all paths of the set: a path's hash depends on its ancestors, the sum not on the order.
std::uint64_t hash_paths(JsonReader& json, std::uint64_t parent) {
  std::uint64_t sum = 0;
  json.object([&](std::string_view key) {
    const auto path = hash_key(parent, key);
    sum += path + hash_paths(json, path);
  });
  return sum;
}

/// Whether the set has a field other than those annotations.
bool owns_others(std::string_view fields, const std::function<bool(std::string_view)>& is_known) {
  JsonReader json(fields);
  // The way to the annotations, and each map's mark for itself on it, are not fields of their own.
  bool other = false;
  std::function<void()> walk = [&] {
    json.object([&](std::string_view key) {
      other = other || (key != "." && key != "f:metadata" && key != "f:annotations" && !is_known(key));
      walk();
    });
  };
  walk();
  return other;
}

}  // namespace

ManagedEntry read_managed_entry(JsonReader& json) {
  ManagedEntry entry;
  json.object([&](std::string_view key) {
    if (key == "manager") return json.string(entry.manager);
    if (key == "operation") return json.string(entry.operation);
    if (key == "subresource") return json.string(entry.subresource);
    auto* raw = key == "fieldsV1" ? &entry.fields : key == "time" ? &entry.time : nullptr;
    if (!raw) return json.skip();
    *raw = json.raw();
  });
  return entry;
}

std::uint64_t hash_fields(std::string_view fields) {
  JsonReader json(fields);
  const auto hash = hash_paths(json, kSeed);
  return hash == 0 ? 1 : hash;
}

std::uint64_t hash_entry(std::string_view key, std::string_view value) { return hash_key(hash_key(kSeed, key), value); }

bool is_policy_field(std::string_view key) {
  return key.starts_with("f:fluxcd.io/") || key.starts_with("f:flux.weave.works/") ||
         key.starts_with("f:filter.fluxcd.io/");
}

bool is_addition(const ManagedEntry& entry) {
  if (!entry.subresource.empty() || !entry.manager.starts_with("kubectl") || entry.manager == "kubectl-rollout")
    return false;
  return owns_others(entry.fields, is_policy_field);
}

bool owns_nothing(std::string_view fields) {
  return !owns_others(fields, [](std::string_view) { return false; });
}

bool owns_nothing_but_last_applied(std::string_view fields) {
  return !owns_others(fields,
                      [](std::string_view key) { return key == "f:kubectl.kubernetes.io/last-applied-configuration"; });
}

bool owns_last_applied(std::string_view fields) {
  return fields.find("\"f:kubectl.kubernetes.io/last-applied-configuration\"") != std::string_view::npos;
}

}  // namespace flux::cluster
