#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flux::cluster {

/// One entry of metadata.managedFields; `fields` is the fieldsV1 value as it stands in the object's text, which must
/// outlive it.
struct ManagedEntry {
  std::string manager;
  std::string operation;
  std::string subresource;
  std::string_view fields;
  std::string_view
      time{};  ///< as it stands in the text, with its quotes: RFC 3339 in UTC, so that texts compare as times do
};

class JsonReader;

/// Reads the entry that comes next.
ManagedEntry read_managed_entry(JsonReader& json);

/// A hash of a fieldsV1 set that does not depend on the order of its members; never 0.
[[nodiscard]] std::uint64_t hash_fields(std::string_view fields);

/// A hash of one text under a key, to be added up over a map: the sum does not depend on the order.
[[nodiscard]] std::uint64_t hash_entry(std::string_view key, std::string_view value);

/// Whether somebody at a terminal added something to what we keep: any of kubectl's managers, in what is not a
/// subresource. What asks for no more than a restart (`kubectl rollout restart`) or only tells fluxd what to do with
/// the object (annotations of ours) does not count.
[[nodiscard]] bool is_addition(const ManagedEntry& entry);
/// An annotation by which people tell fluxd what to do with an object; `key` as in fieldsV1, with its `f:`.
[[nodiscard]] bool is_policy_field(std::string_view key);

/// Whether the set has no field at all, but perhaps the way to annotations.
[[nodiscard]] bool owns_nothing(std::string_view fields);
/// Whether the set has the last-applied annotation.
[[nodiscard]] bool owns_last_applied(std::string_view fields);
/// For a set that has it: whether it has no other field.
[[nodiscard]] bool owns_nothing_but_last_applied(std::string_view fields);

}  // namespace flux::cluster
