#pragma once

#include <string>
#include <vector>

#include "sandbox/fields/ownership.h"

namespace flux::sandbox {

/// One entry of `metadata.managedFields`.
struct Manager {
  std::string name;
  std::string operation;  ///< `Apply` or `Update`
  std::string api_version;
  std::string subresource;
  std::string time;
  FieldSet fields;

  [[nodiscard]] bool is(const Writer& writer, std::string_view with_operation) const;
};

class Managers {
 public:
  /// Reads entries that are well-formed; others are dropped.
  static Managers read(const Json& managed_fields);
  [[nodiscard]] Json to_json() const;

  /// The entry of that writer, made when there is none.
  Manager& of(const Writer& writer, const std::string& operation);
  [[nodiscard]] FieldSet all_fields() const;
  void drop_empty();

  std::vector<Manager> entries;
};

}  // namespace flux::sandbox
