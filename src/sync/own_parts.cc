#include "sync/own_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/json.h"
#include "cluster/whole.h"

namespace flux::sync {
namespace {

constexpr int kMostOwners = 5;  // pod, ReplicaSet, Deployment, and whoever made that

const Json& member(const Json& value, const char* key) {
  static const Json kNone;
  if (!value.is_object()) return kNone;
  const auto found = value.find(key);
  return found == value.end() ? kNone : *found;
}

std::string text(const Json& value, const char* key) {
  const auto& found = member(value, key);
  return found.is_string() ? found.get<std::string>() : std::string();
}

/// Every Secret and ConfigMap that a pod's spec names, wherever it does.
void find_files(const Json& value, std::set<std::string>& files) {
  if (value.is_array())
    for (const auto& item : value) find_files(item, files);
  if (!value.is_object()) return;
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kReferences{
      {{"secret", "Secret"},
       {"secretRef", "Secret"},
       {"secretKeyRef", "Secret"},
       {"imagePullSecrets", "Secret"},
       {"configMap", "ConfigMap"},
       {"configMapRef", "ConfigMap"},
       {"configMapKeyRef", "ConfigMap"}}};
  for (const auto& [key, child] : value.items()) {
    for (const auto& [reference, kind] : kReferences) {
      if (key != reference) continue;
      for (const auto& one : child.is_array() ? child : Json::array({child}))
        for (const auto* name : {"secretName", "name"})
          if (auto named = text(one, name); !named.empty()) files.insert(fmt::format("{}/{}", kind, named));
    }
    find_files(child, files);
  }
}

/// The owners of `object`, as what to ask for; false when one of them is of a kind that nobody serves.
bool add_owners(const Json& object, const cluster::Catalog& catalog, const std::string& ns, OwnParts& parts,
                std::vector<cluster::Client::Target>& next) {
  for (const auto& owner : member(member(object, "metadata"), "ownerReferences")) {
    if (!parts.uids.insert(text(owner, "uid")).second) continue;
    const auto* resource = catalog.find(text(owner, "apiVersion"), text(owner, "kind"));
    if (!resource) return false;
    next.push_back({*resource, resource->namespaced ? ns : "", text(owner, "name")});
  }
  return true;
}

bool is_us(const Json& subject, const OwnParts& parts) {
  const auto kind = text(subject, "kind");
  const auto name = text(subject, "name");
  if (kind == "ServiceAccount") return name == parts.service_account && text(subject, "namespace") == parts.ns;
  if (kind == "User") return name == fmt::format("system:serviceaccount:{}:{}", parts.ns, parts.service_account);
  return kind == "Group" && (name == "system:authenticated" || name == "system:serviceaccounts" ||
                             name == "system:serviceaccounts:" + parts.ns);
}

}  // namespace

OwnParts find_own_parts(const Bounded& ctx, cluster::Client& client, const cluster::Catalog& catalog,
                        const OwnPod& pod) {
  OwnParts parts;
  parts.ns = pod.ns;
  if (pod.ns.empty()) return parts;
  const auto* pods = catalog.find("v1", "Pod");
  if (!pods) {
    parts.unknown = "the API server serves no pods";
    return parts;
  }
  std::vector<cluster::Client::Target> next{{*pods, pod.ns, pod.name}};
  for (int level = 0; !next.empty(); ++level) {
    const auto answers = cluster::get_whole(ctx, client, std::exchange(next, {}));
    for (const auto& answer : answers) {
      const auto object = answer ? parse_json(*answer).value_or(nullptr) : Json();
      if (!answer)
        parts.unknown = answer.error().message;
      else if (!add_owners(object, catalog, pod.ns, parts, next) || level == kMostOwners)
        parts.unknown = "not all owners of this pod are known";
      if (level > 0) continue;
      parts.uids.insert(text(member(object, "metadata"), "uid"));
      parts.service_account = text(member(object, "spec"), "serviceAccountName");
      if (parts.service_account.empty()) parts.service_account = "default";
      find_files(member(object, "spec"), parts.files);
    }
    if (!parts.unknown.empty()) break;
  }
  return parts;
}

std::string why_own(const OwnParts& parts, const cluster::Resource& resource, const Json& object) {
  if (parts.ns.empty()) return {};
  const auto& metadata = member(object, "metadata");
  const auto name = text(metadata, "name");
  const bool beside_us = resource.namespaced && text(metadata, "namespace") == parts.ns;
  const bool is_binding = resource.type.group() == "rbac.authorization.k8s.io";
  if (!parts.unknown.empty()) {
    if (!beside_us && resource.namespaced && !is_binding) return {};
    return fmt::format("it may be part of this fluxd, whose own pod cannot be looked at ({})", parts.unknown);
  }
  if (parts.uids.contains(text(metadata, "uid"))) return "this fluxd runs in it";
  if (beside_us && resource.type == ApiType{"v1", "ServiceAccount"} && name == parts.service_account)
    return "this fluxd runs as it";
  if (beside_us && resource.type.group().empty() && parts.files.contains(resource.type.kind + "/" + name))
    return "the pod of this fluxd uses it";
  const auto& subjects = member(object, "subjects");
  if (is_binding && std::ranges::any_of(subjects, [&](const Json& one) { return is_us(one, parts); }))
    return "it gives this fluxd its rights";
  return {};
}

}  // namespace flux::sync
