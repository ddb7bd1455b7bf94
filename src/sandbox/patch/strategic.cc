#include "sandbox/patch/strategic.h"

#include <algorithm>
#include <functional>

#include "base/json.h"

namespace flux::sandbox {

namespace {

constexpr std::string_view order_prefix = "$setElementOrder/";
constexpr std::string_view delete_prefix = "$deleteFromPrimitiveList/";

std::string directive(const Json& patch) {
  if (!patch.is_object()) return {};
  const auto found = patch.find("$patch");
  return found != patch.end() && found->is_string() ? found->get<std::string>() : std::string();
}

class Merger {
 public:
  Answer<Json> run(const Json& object, const Json& patch, const Type& type) {
    auto out = objects(object, patch, type);
    if (!complaint_.empty()) return refuse_request(complaint_);
    return out;
  }

 private:
  Json value(const Json* live, const Json& patch, const Type& type) {
    if (patch.is_object()) return objects(live != nullptr && live->is_object() ? *live : Json::object(), patch, type);
    if (patch.is_array() && type.merges) {
      return lists(live != nullptr && live->is_array() ? *live : Json::array(), patch, type);
    }
    return patch.is_array() ? without_directives(patch) : patch;
  }

  /// A list that replaces the old one may hold directives for its items; the server reads them the same way.
  static Json without_directives(const Json& list) {
    auto out = Json::array();
    for (const auto& item : list) {
      if (directive(item).empty()) out.push_back(item);
    }
    return out;
  }

  Json objects(Json live, const Json& patch, const Type& type) {
    const auto how = directive(patch);
    if (how == "delete") return Json::object();
    if (how == "replace") live = Json::object();
    const auto before = live;
    retain(live, patch);
    for (const auto& [name, child] : patch.items()) {
      if (name.starts_with('$')) continue;
      if (child.is_null()) {
        live.erase(name);
        continue;
      }
      const auto found = live.find(name);
      live[name] = value(found == live.end() ? nullptr : &*found, child, member_of(type, name));
    }
    for (const auto& [name, child] : patch.items()) {
      if (name.starts_with(delete_prefix)) drop(live, name.substr(delete_prefix.size()), child);
      if (name.starts_with(order_prefix)) sort(live, name.substr(order_prefix.size()), child, before, type);
    }
    return live;
  }

  static void retain(Json& live, const Json& patch) {
    const auto keys = patch.find("$retainKeys");
    if (keys == patch.end()) return;
    for (auto entry = live.begin(); entry != live.end();) {
      const bool kept = std::find(keys->begin(), keys->end(), entry.key()) != keys->end();
      entry = kept ? std::next(entry) : live.erase(entry);
    }
  }

  static void drop(Json& live, const std::string& name, const Json& values) {
    const auto found = live.find(name);
    if (found == live.end() || !found->is_array()) return;
    auto rest = Json::array();
    for (const auto& item : *found) {
      if (std::find(values.begin(), values.end(), item) == values.end()) rest.push_back(item);
    }
    *found = std::move(rest);
  }

  Json lists(Json live, const Json& patch, const Type& type) {
    const bool replaces =
        std::any_of(patch.begin(), patch.end(), [](const Json& item) { return directive(item) == "replace"; });
    if (replaces) return without_directives(patch);
    if (type.merge_key.empty()) {
      for (const auto& item : patch) {
        if (std::find(live.begin(), live.end(), item) == live.end()) live.push_back(item);
      }
      return live;
    }
    const auto before = live;
    for (const auto& item : patch) merge_item(live, item, type);
    return ordered(live, without_directives(patch), before, identity_by(type.merge_key));
  }

  void merge_item(Json& live, const Json& item, const Type& type) {
    if (!item.is_object() || !item.contains(type.merge_key)) {
      complaint_ = "map: " + dump_json(item) + " does not contain declared merge key: " + type.merge_key;
      return;
    }
    const auto& key = item.at(type.merge_key);
    const auto found = std::find_if(live.begin(), live.end(), [&](const Json& old) {
      return old.is_object() && old.value(type.merge_key, Json()) == key;
    });
    if (directive(item) == "delete") {
      if (found != live.end()) live.erase(found);
    } else if (found == live.end()) {
      live.push_back(objects(Json::object(), item, *type.item));
    } else {
      *found = objects(*found, item, *type.item);
    }
  }

  using Identity = std::function<Json(const Json&)>;

  static Identity identity_by(const std::string& key) {
    return [key](const Json& item) { return key.empty() || !item.is_object() ? item : item.value(key, Json()); };
  }

  static long index_of(const Json& list, const Json& wanted, const Identity& identity) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const Json& item) { return identity(item) == wanted; });
    return found == list.end() ? -1 : static_cast<long>(found - list.begin());
  }

  /// Items that `order` names come in its order; the others go between them by where they were `before`, where an item
  /// that is new counts as the very first.
  static Json ordered(const Json& list, const Json& order, const Json& before, const Identity& identity) {
    std::vector<Json> named, others;
    for (const auto& wanted : order) {
      const auto at = index_of(list, identity(wanted), identity);
      if (at >= 0) named.push_back(list[static_cast<std::size_t>(at)]);
    }
    for (const auto& item : list) {
      if (index_of(order, identity(item), identity) < 0) others.push_back(item);
    }
    auto out = Json::array();
    auto next = named.begin();
    for (auto& other : others) {
      const auto place = index_of(before, identity(other), identity);
      for (; next != named.end() && index_of(before, identity(*next), identity) < place; ++next)
        out.push_back(std::move(*next));
      out.push_back(std::move(other));
    }
    for (; next != named.end(); ++next) out.push_back(std::move(*next));
    return out;
  }

  static void sort(Json& live, const std::string& name, const Json& order, const Json& before, const Type& type) {
    const auto found = live.find(name);
    if (found == live.end() || !found->is_array() || !order.is_array()) return;
    const auto old = before.find(name);
    *found = ordered(*found, order, old == before.end() ? Json::array() : *old,
                     identity_by(member_of(type, name).merge_key));
  }

  std::string complaint_;
};

}  // namespace

Answer<Json> strategic_patched(const Json& object, const Json& patch, const Type& type) {
  if (!patch.is_object()) return refuse_request("a strategic merge patch is an object");
  return Merger().run(object, patch, type);
}

}  // namespace flux::sandbox
