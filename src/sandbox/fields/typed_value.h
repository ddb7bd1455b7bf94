#pragma once

#include <string>
#include <vector>

#include "sandbox/fields/field_set.h"

namespace flux::sandbox {

/// What a new value changes of an old one.
struct Comparison {
  FieldSet added;
  FieldSet modified;
  FieldSet removed;
};

[[nodiscard]] Comparison compare(const Json& before, const Json& after, const Type& type);

/// The paths that a value sets. Complaints about fields that do not exist or about items that come twice are appended
/// to `errors` when given.
[[nodiscard]] FieldSet fields_of(const Json& value, const Type& type, std::vector<std::string>* errors = nullptr);

/// `below` with `above` laid over it: objects and keyed lists merge, everything else is taken from `above`.
[[nodiscard]] Json merged(const Json& below, const Json& above, const Type& type);

/// `value` without what lies at the paths of `set`.
[[nodiscard]] Json removed(const Json& value, const FieldSet& set, const Type& type);

/// `set` with the parents that are declared fields as members of their own.
[[nodiscard]] FieldSet with_named_parents(const FieldSet& set, const Type& type);

/// Whether ownership ends here: the value has one owner as a whole.
[[nodiscard]] bool is_leaf(const Json& value, const Type& type);
[[nodiscard]] const Type& type_of_element(const std::string& element, const Type& type);

}  // namespace flux::sandbox
