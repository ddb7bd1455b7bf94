#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace flux::sandbox {

using Json = SortedJson;

/// What the server knows about one value: how it merges, who can own which part of it, and how it is normalised.
/// Immutable once its TypeSet is complete; referred to by pointer for as long as the set lives.
struct Type {
  enum class Form { any, text, integer, number, boolean, quantity, int_or_text, time, object, list };
  enum class ListForm { atomic, set, map };
  struct Key {
    std::string name;
    Json fallback;  ///< what an absent key means; null: nothing
  };
  struct Field;

  Form form = Form::any;
  bool binary = false;  ///< a text that is bytes in protobuf, base64 in JSON
  bool atomic = false;  ///< an object that has one owner as a whole
  std::map<std::string, Field, std::less<>> fields;
  const Type* rest = nullptr;  ///< of the values of a map, or of fields not named
  bool keeps_unknown = false;  ///< fields not named are allowed and untyped
  ListForm list = ListForm::atomic;
  std::vector<Key> keys;  ///< of a list that is a map
  const Type* item = nullptr;
  std::string merge_key;      ///< strategic merge matches items by this key
  bool merges = false;        ///< strategic merge merges the list instead of replacing it
  bool retains_keys = false;  ///< strategic merge honours $retainKeys

  [[nodiscard]] bool is_struct() const { return form == Form::object && !fields.empty(); }
  /// The type of a member; any() where it is not declared but allowed; nullptr where it is not allowed.
  [[nodiscard]] const Type* member(std::string_view name) const;
  static const Type* untyped();
};

/// The type of a member, untyped where it is not declared.
[[nodiscard]] inline const Type& member_of(const Type& type, std::string_view name) {
  const auto* member = type.member(name);
  return member == nullptr ? *Type::untyped() : *member;
}

struct Type::Field {
  const Type* type = nullptr;
  bool keeps_empty = false;    ///< an empty list or map is kept
  bool always = false;         ///< a structure that is there, empty, even when nobody wrote it
  bool written_empty = false;  ///< a list or map that is written as null when nobody set it
  bool drops_zero = false;     ///< false, 0 and "" are the same as absent
  std::vector<int> number;     ///< in protobuf, through embedded messages
  Json fallback = nullptr;     ///< of a custom kind; null: none
};

/// Owns types that refer to each other.
class TypeSet {
 public:
  Type* make();
  /// The type of that name, to be filled in later when it is not known yet.
  Type* named(std::string_view name);
  [[nodiscard]] const Type* find(std::string_view name) const;

 private:
  std::deque<Type> types_;
  std::map<std::string, Type*, std::less<>> names_;
};

/// The built-in types out of their tables. A line is `Name field=value ...`, continued by lines that start with a
/// space. A field without `=value` is a text; `:1` after its name is its number in protobuf, `:2.1` within an embedded
/// message. Values: s text, y bytes, i integer, n number, b boolean, q quantity, x integer or text, t time, * anything,
/// Name a structure, {V a map of V, [V an atomic list of V, [=V a set, [k1,k2=DEFAULT|V a list that is a map by those
/// keys, [k@V an atomic list that strategic merge matches by k. `!` before a structure or map makes it atomic, `~`
/// after [ merges it strategically, `^` makes it honour $retainKeys. At the end `+`: kept when empty, `?`: dropped when
/// zero; of a structure `+`: always there.
const TypeSet& builtin_types();

/// The type of an object whose CustomResourceDefinition gives `openapi` as its openAPIV3Schema (null: anything goes).
const Type* type_of_schema(TypeSet& set, const Json& openapi);

/// An object of that type to which nobody has set anything: the structures that are always there, and null where a list
/// is written even when it is empty. Ownership of a new object is what differs from this.
[[nodiscard]] Json skeleton_of(const Type& type);

/// Fills in the defaults that a CustomResourceDefinition's schema declares.
void fill_defaults(Json& value, const Type& type);

}  // namespace flux::sandbox
