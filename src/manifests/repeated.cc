#include "manifests/repeated.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <span>

#include "base/json.h"
#include "yaml/json.h"

namespace flux::manifests {
namespace {

struct KeyedList {
  std::string_view field;
  std::string_view key;
  std::string_view second = {};  ///< of a key of two fields
  std::string_view second_default = {};
  std::string_view counts = {};  ///< items that differ in this field both count
};

constexpr std::array kOfPod{KeyedList{"imagePullSecrets", "name"}, KeyedList{"hostAliases", "ip", {}, {}, "hostnames"}};
constexpr std::array kOfContainer{KeyedList{"env", "name"},
                                  KeyedList{"ports", "containerPort", "protocol", "TCP", "name"}};
constexpr std::array kOfServiceAccount{KeyedList{"secrets", "name"}};

using Path = std::span<const std::string_view>;

/// The keys that lead to the pod's spec, in built-in types.
std::optional<Path> pod_path(const ApiType& type) {
  static constexpr std::array<std::string_view, 5> kKeys{"spec", "jobTemplate", "spec", "template", "spec"};
  static const std::map<std::pair<std::string_view, std::string_view>, std::size_t> kLengths{
      {{"", "Pod"}, 1},           {{"", "ReplicationController"}, 3}, {{"apps", "Deployment"}, 3},
      {{"apps", "DaemonSet"}, 3}, {{"apps", "StatefulSet"}, 3},       {{"apps", "ReplicaSet"}, 3},
      {{"batch", "Job"}, 3},      {{"batch", "CronJob"}, 5}};
  const auto found = kLengths.find({type.group(), type.kind});
  if (found == kLengths.end()) return std::nullopt;
  return std::span(kKeys).last(found->second);
}

std::string json_of(const std::optional<yaml::Node>& node) { return node ? yaml::to_json(*node).value_or("") : ""; }

/// The key of an item; empty where it has none, which is for the API server to refuse.
std::string key_of(yaml::Node item, const KeyedList& list) {
  const auto first = item.find(list.key);
  if (!first || !first->is_scalar() || first->is_null()) return {};
  auto text = fmt::format("{} {}", list.key, yaml::scalar_text(*first));
  if (list.second.empty()) return text;
  const auto second = item.find(list.second);
  const bool given = second && second->is_scalar() && !second->is_null();
  return fmt::format("{}, {} {}", text, list.second, given ? yaml::scalar_text(*second) : list.second_default);
}

std::string lines(yaml::Node first, yaml::Node second) {
  if (first.line() == second.line()) return fmt::format("line {}", first.line());
  return fmt::format("lines {} and {}", first.line(), second.line());
}

class Search {
 public:
  Search(const ApiType& type, std::string_view name) : title_(fmt::format("{} {}", type.kind, name)) {}

  void look(yaml::Node holder, const std::string& place, std::span<const KeyedList> lists) {
    for (const auto& list : lists)
      if (const auto items = holder.find(list.field); items && items->is_sequence())
        look(*items, fmt::format("{}/{}", place, list.field), list);
  }

  void look_at_pod(yaml::Node spec, const std::string& place) {
    look(spec, place, kOfPod);
    for (const auto* kind : {"containers", "initContainers"}) {
      const auto containers = spec.find(kind);
      if (!containers || !containers->is_sequence()) continue;
      for (std::size_t i = 0; i < containers->size(); ++i)
        look(containers->item(i), fmt::format("{}/{}/{}", place, kind, i), kOfContainer);
    }
  }

  Repeated take() {
    // Later items first, so that no pointer is shifted by what was erased before it.
    std::ranges::reverse(found_.superseded);
    return std::move(found_);
  }

 private:
  void look(yaml::Node items, const std::string& place, const KeyedList& list) {
    std::map<std::string, std::size_t> last;
    std::vector<std::size_t> superseded;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto key = key_of(items.item(i), list);
      if (key.empty()) continue;
      const auto [known, fresh] = last.try_emplace(key, i);
      if (fresh) continue;
      const auto before = items.item(known->second);
      const bool both =
          !list.counts.empty() && json_of(before.find(list.counts)) != json_of(items.item(i).find(list.counts));
      if (!both) superseded.push_back(known->second);
      found_.warnings.push_back(fmt::format(
          "{}: {} has {} twice ({}), which the API server takes only once; {}", title_, place.substr(1), key,
          lines(before, items.item(i)),
          both ? fmt::format("it refuses this resource until one item has all of them, because they differ in {}",
                             list.counts)
               : "the last one is applied"));
      known->second = i;
    }
    std::ranges::sort(superseded);
    for (const auto i : superseded) found_.superseded.push_back(fmt::format("{}/{}", place, i));
  }

  std::string title_;
  Repeated found_;
};

}  // namespace

Repeated find_repeated(yaml::Node object, const ApiType& type, std::string_view name) {
  Search search(type, name);
  if (type == ApiType{"v1", "ServiceAccount"}) search.look(object, "", kOfServiceAccount);
  if (const auto path = pod_path(type)) {
    std::optional<yaml::Node> at = object;
    std::string place;
    for (const auto key : *path) {
      at = at ? at->find(key) : std::nullopt;
      place.append("/").append(key);
    }
    if (at) search.look_at_pod(*at, place);
  }
  return search.take();
}

std::string without_items(const std::string& json, const std::vector<std::string>& pointers) {
  auto object = parse_json(json).value_or(nullptr);
  for (const auto& text : pointers) {
    const Json::json_pointer pointer(text);
    if (!object.contains(pointer)) continue;
    object.at(pointer.parent_pointer()).erase(std::stoul(pointer.back()));
  }
  return dump_json(object);
}

}  // namespace flux::manifests
