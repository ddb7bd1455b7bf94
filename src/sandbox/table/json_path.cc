#include "sandbox/table/json_path.h"

#include <charconv>

#include "base/json.h"

namespace flux::sandbox {

namespace {

using Matches = std::vector<const Json*>;

Matches named(const Matches& from, std::string_view name) {
  Matches out;
  for (const auto* value : from) {
    if (!value->is_object()) continue;
    const auto found = value->find(name);
    if (found != value->end() && !found->is_null()) out.push_back(&*found);
  }
  return out;
}

/// `@.type=="Ready"` of a filter.
bool passes(const Json& item, std::string_view filter) {
  const auto equals = filter.find("==");
  if (!filter.starts_with("@.") || equals == std::string_view::npos || !item.is_object()) return false;
  auto name = filter.substr(2, equals - 2);
  auto wanted = filter.substr(equals + 2);
  while (name.ends_with(' ')) name.remove_suffix(1);
  while (!wanted.empty() && std::string_view(" \"'").find(wanted.front()) != std::string_view::npos)
    wanted.remove_prefix(1);
  while (!wanted.empty() && std::string_view(" \"'").find(wanted.back()) != std::string_view::npos)
    wanted.remove_suffix(1);
  const auto found = item.find(name);
  if (found == item.end()) return false;
  return found->is_string() ? found->get_ref<const std::string&>() == wanted : dump_json(*found) == wanted;
}

Matches bracket(const Matches& from, std::string_view inside) {
  if (inside.starts_with('\'') || inside.starts_with('"')) return named(from, inside.substr(1, inside.size() - 2));
  Matches out;
  int index = 0;
  const bool all = inside == "*";
  const bool filter = inside.starts_with("?(");
  if (!all && !filter) std::from_chars(inside.data(), inside.data() + inside.size(), index);
  for (const auto* value : from) {
    if (!value->is_array()) continue;
    const auto size = static_cast<int>(value->size());
    for (int i = 0; i < size; ++i) {
      const auto& item = (*value)[static_cast<std::size_t>(i)];
      const bool take =
          filter ? passes(item, inside.substr(2, inside.size() - 3)) : all || i == (index < 0 ? size + index : index);
      if (take) out.push_back(&item);
    }
  }
  return out;
}

}  // namespace

Json json_path(const Json& body, std::string_view path) {
  Matches found = {&body};
  while (!path.empty() && !found.empty()) {
    if (path.starts_with('[')) {
      const auto end = path.find(path.starts_with("[?") ? ")]" : "]");
      if (end == std::string_view::npos) return nullptr;
      const auto size = path.starts_with("[?") ? end + 1 : end;
      found = bracket(found, path.substr(1, size - 1));
      path.remove_prefix(size + 1);
      continue;
    }
    if (path.starts_with('.')) path.remove_prefix(1);
    std::string name;
    while (!path.empty() && path.front() != '.' && path.front() != '[') {
      if (path.starts_with("\\.")) path.remove_prefix(1);
      name += path.front();
      path.remove_prefix(1);
    }
    if (!name.empty()) found = named(found, name);
  }
  if (found.empty()) return nullptr;
  if (found.size() == 1) return *found.front();
  std::string out;
  for (const auto* value : found) {
    out += (out.empty() ? "" : ",") + (value->is_string() ? value->get<std::string>() : dump_json(*value));
  }
  return out;
}

}  // namespace flux::sandbox
