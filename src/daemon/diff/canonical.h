#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace flux::daemon {

/// An object as two texts that people can compare.
struct Comparison {
  std::string before;  ///< YAML; empty when there was no object
  std::string after;
};

/// What one object is and what it would be (JSON as the API server has it; `before` empty: not there), as YAML with
/// sorted keys. Left out is what says nothing about the object: status, managedFields, versions, the checksum and what
/// kubectl remembers of its last apply.
/// The values of a Secret never appear: equal ones read `<hidden>` on both sides, others tell which side they are of.
[[nodiscard]] Comparison compare_objects(std::string_view before, std::string_view after);

/// `json` as a YAML document; empty when it is not JSON.
[[nodiscard]] std::string yaml_of(std::string_view json);

}  // namespace flux::daemon
