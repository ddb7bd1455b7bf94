#include "sandbox/fields/field_set.h"

#include "base/json.h"

namespace flux::sandbox {

const FieldSet* FieldSet::child(const std::string& element) const {
  const auto found = children.find(element);
  return found == children.end() ? nullptr : &found->second;
}

FieldSet united(const FieldSet& left, const FieldSet& right) {
  FieldSet out = left;
  out.member = left.member || right.member;
  for (const auto& [name, child] : right.children) {
    const auto [at, fresh] = out.children.try_emplace(name, child);
    if (!fresh) at->second = united(at->second, child);
  }
  return out;
}

FieldSet common(const FieldSet& left, const FieldSet& right) {
  FieldSet out;
  out.member = left.member && right.member;
  for (const auto& [name, child] : left.children) {
    const auto* other = right.child(name);
    if (other == nullptr) continue;
    auto both = common(child, *other);
    if (!both.empty()) out.children.emplace_hint(out.children.end(), name, std::move(both));
  }
  return out;
}

FieldSet without(const FieldSet& left, const FieldSet& right) {
  FieldSet out;
  out.member = left.member && !right.member;
  for (const auto& [name, child] : left.children) {
    const auto* other = right.child(name);
    auto rest = other == nullptr ? child : without(child, *other);
    if (!rest.empty()) out.children.emplace_hint(out.children.end(), name, std::move(rest));
  }
  return out;
}

FieldSet without_trees(const FieldSet& left, const FieldSet& right) {
  FieldSet out;
  if (right.member) return out;
  out.member = left.member;
  for (const auto& [name, child] : left.children) {
    const auto* other = right.child(name);
    auto rest = other == nullptr ? child : without_trees(child, *other);
    if (!rest.empty()) out.children.emplace_hint(out.children.end(), name, std::move(rest));
  }
  return out;
}

Json to_fields_v1(const FieldSet& set) {
  auto out = Json::object();
  if (set.member && !set.children.empty()) out["."] = Json::object();
  for (const auto& [name, child] : set.children) out[name] = to_fields_v1(child);
  return out;
}

namespace {

FieldSet read(const Json& fields, bool root) {
  FieldSet out;
  out.member = !root && (fields.empty() || fields.contains("."));
  if (!fields.is_object()) return out;
  for (const auto& [name, child] : fields.items()) {
    if (name != ".") out.children.emplace(name, read(child, false));
  }
  return out;
}

}  // namespace

std::string readable(const std::string& element) {
  const auto rest = element.substr(2);
  if (element.starts_with("f:")) return "." + rest;
  if (!element.starts_with("k:")) return "[=" + rest + "]";
  std::string keys;
  const auto parsed = parse_sorted_json(rest).value_or(nullptr);
  for (const auto& [name, value] : parsed.items()) keys += (keys.empty() ? "" : ",") + name + "=" + dump_json(value);
  return "[" + keys + "]";
}

namespace {

void collect(const FieldSet& set, const std::string& path, std::vector<std::string>& out) {
  if (set.member) out.push_back(path);
  for (const auto& [name, child] : set.children) collect(child, path + readable(name), out);
}

}  // namespace

FieldSet from_fields_v1(const Json& fields) { return read(fields, true); }

std::vector<std::string> paths_of(const FieldSet& set) {
  std::vector<std::string> out;
  collect(set, "", out);
  return out;
}

std::string element_of(const Json& item, const Type& list) {
  if (list.list == Type::ListForm::set) return "v:" + dump_json(item);
  auto keys = Json::object();
  for (const auto& key : list.keys) {
    const auto found = item.is_object() ? item.find(key.name) : item.end();
    if (item.is_object() && found != item.end() && !found->is_null()) {
      keys[key.name] = *found;
    } else if (!key.fallback.is_null()) {
      keys[key.name] = key.fallback;
    }
  }
  return "k:" + dump_json(keys);
}

}  // namespace flux::sandbox
