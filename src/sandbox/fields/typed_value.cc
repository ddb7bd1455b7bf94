#include "sandbox/fields/typed_value.h"

#include <set>

namespace flux::sandbox {

namespace {

const Type& item_of(const Type& type) { return type.item == nullptr ? *Type::untyped() : *type.item; }

bool is_atomic_list(const Type& type) { return type.form != Type::Form::list || type.list == Type::ListForm::atomic; }

bool is_container(const Json& value) { return value.is_object() || value.is_array(); }

/// The items of a keyed list by the names of their branches, the first where one comes twice.
std::map<std::string, const Json*> by_element(const Json& list, const Type& type) {
  std::map<std::string, const Json*> out;
  for (const auto& item : list) out.emplace(element_of(item, type), &item);
  return out;
}

class Comparer {
 public:
  explicit Comparer(Comparison& out) : out_(out) {}

  void members(const Json* before, const Json* after, const Type& type) {
    if (type.form == Type::Form::list) {
      const auto old_items = before == nullptr ? Elements() : by_element(*before, type);
      const auto new_items = after == nullptr ? Elements() : by_element(*after, type);
      both(old_items, new_items, [&](const std::string&) -> const Type& { return item_of(type); });
    } else {
      both(fields(before), fields(after),
           [&](const std::string& name) -> const Type& { return member_of(type, std::string_view(name).substr(2)); });
    }
  }

 private:
  using Elements = std::map<std::string, const Json*>;

  static Elements fields(const Json* value) {
    Elements out;
    if (value == nullptr) return out;
    for (const auto& [name, child] : value->items()) out.emplace_hint(out.end(), "f:" + name, &child);
    return out;
  }

  template <class TypeOf>
  void both(const Elements& before, const Elements& after, TypeOf type_of) {
    for (const auto& [name, value] : before) {
      const auto found = after.find(name);
      at(name, value, found == after.end() ? nullptr : found->second, type_of(name));
    }
    for (const auto& [name, value] : after) {
      if (!before.contains(name)) at(name, nullptr, value, type_of(name));
    }
  }

  void at(const std::string& name, const Json* before, const Json* after, const Type& type) {
    path_.push_back(&name);
    if (before == nullptr) insert(out_.added);
    if (after == nullptr) insert(out_.removed);
    const bool old_leaf = before == nullptr || is_leaf(*before, type);
    const bool new_leaf = after == nullptr || is_leaf(*after, type);
    if (!old_leaf || !new_leaf) {
      const bool same_shape = before == nullptr || after == nullptr || before->type() == after->type();
      members(same_shape ? before : nullptr, after, type);
    } else if (before != nullptr && after != nullptr && *before != *after) {
      insert(out_.modified);
    }
    path_.pop_back();
  }

  void insert(FieldSet& set) {
    auto* at = &set;
    for (const auto* name : path_) at = &at->children[*name];
    at->member = true;
  }

  Comparison& out_;
  std::vector<const std::string*> path_;
};

void collect(const Json& value, const Type& type, const std::string& path, FieldSet& out,
             std::vector<std::string>* errors);

void collect_fields(const Json& value, const Type& type, const std::string& path, FieldSet& out,
                    std::vector<std::string>* errors) {
  for (const auto& [name, child] : value.items()) {
    const auto inner = path + "." + name;
    if (errors != nullptr && type.member(name) == nullptr) {
      errors->push_back(inner + ": field not declared in schema");
      continue;
    }
    FieldSet branch;
    collect(child, member_of(type, name), inner, branch, errors);
    const bool is_empty = child.is_null() || (child.is_object() && child.empty());
    if (is_empty || !type.fields.contains(name)) branch.member = true;
    if (!branch.empty()) out.children.emplace("f:" + name, std::move(branch));
  }
}

void collect_items(const Json& value, const Type& type, const std::string& path, FieldSet& out,
                   std::vector<std::string>* errors) {
  for (const auto& item : value) {
    const auto element = element_of(item, type);
    const auto inner = path + readable(element);
    const auto [branch, fresh] = out.children.try_emplace(element);
    if (!fresh && errors != nullptr) errors->push_back(path + ": duplicate entries for key " + readable(element));
    collect(item, item_of(type), inner, branch->second, errors);
    branch->second.member = true;
  }
}

void collect(const Json& value, const Type& type, const std::string& path, FieldSet& out,
             std::vector<std::string>* errors) {
  if (value.is_array() && value.empty() && !is_atomic_list(type)) return;  // no item, so nothing to own
  if (is_leaf(value, type)) {
    out.member = true;
  } else if (value.is_array()) {
    collect_items(value, type, path, out, errors);
  } else {
    collect_fields(value, type, path, out, errors);
  }
}

/// An empty list lays nothing over what is there, so it takes nothing away. Items of `above` keep their order; those
/// only below stay before the neighbour that they preceded.
Json merged_list(const Json& below, const Json& above, const Type& type) {
  const auto old_items = by_element(below, type);
  std::set<std::string> shared;
  for (const auto& item : above) shared.insert(element_of(item, type));
  auto out = Json::array();
  auto cursor = below.begin();
  const auto take_only_below = [&] {
    for (; cursor != below.end() && !shared.contains(element_of(*cursor, type)); ++cursor) out.push_back(*cursor);
  };
  for (const auto& item : above) {
    take_only_below();
    const auto element = element_of(item, type);
    const auto old = old_items.find(element);
    out.push_back(old == old_items.end() ? item : merged(*old->second, item, item_of(type)));
    while (cursor != below.end() && element_of(*cursor, type) == element) ++cursor;
  }
  for (; cursor != below.end(); ++cursor) {
    if (!shared.contains(element_of(*cursor, type))) out.push_back(*cursor);
  }
  return out;
}

}  // namespace

bool is_leaf(const Json& value, const Type& type) {
  if (!is_container(value) || value.empty() || type.atomic) return true;
  if (value.is_array()) return is_atomic_list(type);
  return type.form != Type::Form::object && type.form != Type::Form::any;
}

const Type& type_of_element(const std::string& element, const Type& type) {
  return element.starts_with("f:") ? member_of(type, std::string_view(element).substr(2)) : item_of(type);
}

Comparison compare(const Json& before, const Json& after, const Type& type) {
  Comparison out;
  Comparer(out).members(&before, &after, type);
  return out;
}

FieldSet fields_of(const Json& value, const Type& type, std::vector<std::string>* errors) {
  FieldSet out;
  collect(value, type, "", out, errors);
  out.member = false;
  return out;
}

Json merged(const Json& below, const Json& above, const Type& type) {
  if (type.atomic || below.type() != above.type() || !is_container(above)) return above;
  if (above.is_array()) return is_atomic_list(type) ? above : merged_list(below, above, type);
  auto out = below;
  for (const auto& [name, value] : above.items()) {
    const auto old = out.find(name);
    if (old == out.end()) {
      out[name] = value;
    } else {
      *old = merged(*old, value, member_of(type, name));
    }
  }
  return out;
}

Json removed(const Json& value, const FieldSet& set, const Type& type) {
  if (is_leaf(value, type)) return value;
  auto out = value.is_array() ? Json::array() : Json::object();
  const auto keep = [&](const std::string& element, const Json& child, auto add) {
    const auto* branch = set.child(element);
    if (branch == nullptr) return add(child);
    if (branch->member) return;
    add(removed(child, *branch, type_of_element(element, type)));
  };
  if (value.is_array()) {
    for (const auto& item : value)
      keep(element_of(item, type), item, [&](Json child) { out.push_back(std::move(child)); });
  } else {
    for (const auto& [name, child] : value.items()) {
      keep("f:" + name, child, [&, &key = name](Json rest) { out[key] = std::move(rest); });
    }
  }
  return out;
}

FieldSet with_named_parents(const FieldSet& set, const Type& type) {
  FieldSet out;
  out.member = set.member;
  for (const auto& [name, child] : set.children) {
    auto inner = with_named_parents(child, type_of_element(name, type));
    const bool named = name.starts_with("f:") && type.fields.contains(std::string_view(name).substr(2));
    if (named && !child.children.empty()) inner.member = true;
    out.children.emplace_hint(out.children.end(), name, std::move(inner));
  }
  return out;
}

}  // namespace flux::sandbox
