#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flux::cluster {

/// One entry of metadata.managedFields; `fields` is the fieldsV1 value as it stands in the object's text.
struct ManagedEntry {
  std::string manager;
  std::string operation;
  std::string subresource;
  std::string_view fields;
};

class JsonReader;

/// Reads the entry that comes next.
ManagedEntry read_managed_entry(JsonReader& json);

/// A hash of a fieldsV1 set that does not depend on the order of its members; never 0.
[[nodiscard]] std::uint64_t hash_fields(std::string_view fields);

/// Whether the set has the last-applied annotation.
[[nodiscard]] bool owns_last_applied(std::string_view fields);
/// For a set that has it: whether it has no other field.
[[nodiscard]] bool owns_nothing_but_last_applied(std::string_view fields);

}  // namespace flux::cluster
