#include "daemon/listing/export.h"

#include <map>

#include "base/json.h"
#include "daemon/diff/canonical.h"
#include "daemon/listing/find.h"

namespace flux::daemon {
namespace {

const cluster::Resource kNamespaces{{"v1", "Namespace"}, "namespaces", false, true, true, true, true};

std::string text_at(const SortedJson& object, const char* key) {
  const auto at = object.is_object() ? object.find(key) : object.end();
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// The YAML of each namespace's objects, in the order in which they came.
class Documents {
 public:
  /// Lists do not repeat the type of their items.
  void add(std::string_view text, const ApiType& type, bool is_namespace) {
    auto object = parse_sorted_json(text).value_or(nullptr);
    if (!object.is_object() || !object["metadata"].is_object()) return;
    auto& metadata = object["metadata"];
    if (!is_namespace && is_addon(std::string(text), type)) return;
    metadata.erase("managedFields");
    object["apiVersion"] = type.api_version;
    object["kind"] = type.kind;
    auto& documents = by_namespace_[text_at(metadata, is_namespace ? "name" : "namespace")];
    documents.append("---\n").append(yaml_of(dump_json(object)));
  }

  [[nodiscard]] std::string all() const {
    std::string out;
    for (const auto& [ns, documents] : by_namespace_) out += documents;
    return out;
  }

 private:
  static bool is_addon(const std::string& text, const ApiType& type) {
    const auto workload = cluster::decode_workload(text, type);
    return workload && workload->is_addon();
  }

  std::map<std::string, std::string> by_namespace_;
};

Result<void> add_allowed_namespaces(const Bounded& ctx, cluster::Client& client,
                                    const std::vector<std::string>& allowed, Documents& documents) {
  std::vector<cluster::Client::Target> targets;
  for (const auto& ns : allowed) targets.push_back({kNamespaces, "", ns});
  for (const auto& answer : cluster::get_whole(ctx, client, targets)) {
    if (answer)
      documents.add(*answer, kNamespaces.type, true);
    else if (!answer.error().not_found() && !answer.error().forbidden())
      return Failure(answer.error());
  }
  return {};
}

Result<void> add_lists(const Bounded& ctx, cluster::Client& client, const std::vector<cluster::ListOf>& lists,
                       Documents& documents) {
  // Collected first: a list may start over.
  std::vector<std::vector<std::string>> objects(lists.size());
  const auto outcome = cluster::list_whole(
      ctx, client, lists,
      {[&](std::size_t i, std::string_view body) {
         return cluster::split_page(body, [&](std::string_view object) { objects[i].emplace_back(object); });
       },
       [&](std::size_t i) { objects[i].clear(); }});
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (!outcome[i] && !outcome[i].error().not_found() && !outcome[i].error().forbidden())
      return Failure(outcome[i].error());
    const auto& type = lists[i].resource.type;
    if (!outcome[i]) continue;
    for (auto& object : objects[i]) documents.add(std::exchange(object, {}), type, type == kNamespaces.type);
  }
  return {};
}

}  // namespace

Result<std::string> export_workloads(const Bounded& ctx, cluster::Client& client, const cluster::Catalog& catalog,
                                     const std::vector<std::string>& allowed) {
  Documents documents;
  auto lists = lists_for(catalog, {.allowed = allowed, .ns = {}, .ids = {}});
  if (allowed.empty())
    lists.insert(lists.begin(), {kNamespaces, ""});
  else if (auto ok = add_allowed_namespaces(ctx, client, allowed, documents); !ok)
    return Failure(ok.error());
  if (auto ok = add_lists(ctx, client, lists, documents); !ok) return Failure(ok.error());
  return documents.all();
}

}  // namespace flux::daemon
