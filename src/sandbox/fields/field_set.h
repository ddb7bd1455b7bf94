#pragma once

#include <map>
#include <string>

#include "base/json.h"
#include "sandbox/schema.h"

namespace flux::sandbox {

/// A set of paths into an object, as a tree. The names of the branches are those of the `FieldsV1` format:
/// `f:NAME` a field, `k:{KEYS}` an item of a list by its keys, `v:VALUE` an item of a set, `i:N` one by position.
struct FieldSet {
  bool member = false;  ///< the path that ends here is in the set
  std::map<std::string, FieldSet> children;

  [[nodiscard]] bool empty() const { return !member && children.empty(); }
  [[nodiscard]] const FieldSet* child(const std::string& element) const;
  friend bool operator==(const FieldSet&, const FieldSet&) = default;
};

[[nodiscard]] FieldSet united(const FieldSet& left, const FieldSet& right);
[[nodiscard]] FieldSet common(const FieldSet& left, const FieldSet& right);
/// The paths of `left` that are not paths of `right`; what lies below a path of `right` stays.
[[nodiscard]] FieldSet without(const FieldSet& left, const FieldSet& right);
/// Drops the paths at and below those of `right`.
[[nodiscard]] FieldSet without_trees(const FieldSet& left, const FieldSet& right);

[[nodiscard]] Json to_fields_v1(const FieldSet& set);
[[nodiscard]] FieldSet from_fields_v1(const Json& fields);

/// One step of a path as people read it: `.image`, `[name="a"]`.
[[nodiscard]] std::string readable(const std::string& element);
/// The paths as people read them: `.spec.containers[name="a"].image`.
[[nodiscard]] std::vector<std::string> paths_of(const FieldSet& set);

/// The name of an item's branch in a list that is a map or a set.
[[nodiscard]] std::string element_of(const Json& item, const Type& list);

}  // namespace flux::sandbox
