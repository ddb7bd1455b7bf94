#include "sandbox/discovery.h"

#include <algorithm>

#include "base/json.h"

namespace flux::sandbox {

namespace {

const Json all_verbs = {"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"};
const Json sub_verbs = {"get", "patch", "update"};

/// A kind of request that leaves no object behind.
struct Review {
  const char* group;
  const char* kind;
  const char* plural;
};
constexpr Review reviews[] = {
    {"authorization.k8s.io", "SelfSubjectAccessReview", "selfsubjectaccessreviews"},
    {"authorization.k8s.io", "SelfSubjectRulesReview", "selfsubjectrulesreviews"},
};

/// The versions of each group in the order in which they are preferred, groups in the order of the table.
using Versions = std::vector<std::pair<std::string, std::vector<KindPtr>>>;
using Groups = std::vector<std::pair<std::string, Versions>>;

template <class List>
auto& entry(List& list, const std::string& name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.first == name; });
  return found != list.end() ? found->second : list.emplace_back(name, typename List::value_type::second_type()).second;
}

Groups groups_of(const Kinds& kinds) {
  Groups out;
  for (const auto& kind : kinds.all()) entry(entry(out, kind->group), kind->version).push_back(kind);
  entry(entry(out, "authorization.k8s.io"), "v1");
  return out;
}

std::string group_version(const std::string& group, const std::string& version) {
  return group.empty() ? version : group + "/" + version;
}

Json resource(const Kind& kind) {
  Json out = {{"name", kind.plural},
              {"singularName", kind.singular},
              {"namespaced", kind.namespaced},
              {"kind", kind.kind},
              {"verbs", all_verbs}};
  if (!kind.short_names.empty()) out["shortNames"] = kind.short_names;
  if (!kind.categories.empty()) out["categories"] = kind.categories;
  return out;
}

Json resource_list(const std::string& group, const std::string& version, const std::vector<KindPtr>& kinds) {
  auto list = Json::array();
  for (const auto& kind : kinds) {
    list.push_back(resource(*kind));
    const Json sub = {{"singularName", ""}, {"namespaced", kind->namespaced}, {"verbs", sub_verbs}};
    const auto add = [&](const char* name, Json more) {
      more.update(sub);
      more["name"] = kind->plural + "/" + name;
      list.push_back(std::move(more));
    };
    if (kind->has_status) add("status", {{"kind", kind->kind}});
    if (kind->scale) add("scale", {{"kind", "Scale"}, {"group", "autoscaling"}, {"version", "v1"}});
  }
  for (const auto& review : reviews) {
    if (group != review.group) continue;
    list.push_back({{"name", review.plural},
                    {"singularName", ""},
                    {"namespaced", false},
                    {"kind", review.kind},
                    {"verbs", {"create"}}});
  }
  return {{"kind", "APIResourceList"},
          {"apiVersion", "v1"},
          {"groupVersion", group_version(group, version)},
          {"resources", list}};
}

Json group_entry(const std::string& group, const Versions& versions) {
  auto list = Json::array();
  for (const auto& [version, kinds] : versions) {
    list.push_back({{"groupVersion", group_version(group, version)}, {"version", version}});
  }
  return {{"name", group}, {"versions", list}, {"preferredVersion", list.front()}};
}

Json aggregated_resource(const Kind& kind) {
  const Json response = {{"group", kind.group}, {"version", kind.version}, {"kind", kind.kind}};
  Json out = {{"resource", kind.plural},
              {"responseKind", response},
              {"scope", kind.namespaced ? "Namespaced" : "Cluster"},
              {"singularResource", kind.singular},
              {"verbs", all_verbs}};
  if (!kind.short_names.empty()) out["shortNames"] = kind.short_names;
  if (!kind.categories.empty()) out["categories"] = kind.categories;
  auto subs = Json::array();
  if (kind.scale) {
    subs.push_back({{"subresource", "scale"},
                    {"verbs", sub_verbs},
                    {"responseKind", {{"group", "autoscaling"}, {"version", "v1"}, {"kind", "Scale"}}}});
  }
  if (kind.has_status) subs.push_back({{"subresource", "status"}, {"verbs", sub_verbs}, {"responseKind", response}});
  if (!subs.empty()) out["subresources"] = subs;
  return out;
}

Json aggregated(const Groups& groups, bool core, const std::string& version_of_list) {
  auto items = Json::array();
  for (const auto& [group, versions] : groups) {
    if (group.empty() != core) continue;
    auto list = Json::array();
    for (const auto& [version, kinds] : versions) {
      auto resources = Json::array();
      for (const auto& kind : kinds) resources.push_back(aggregated_resource(*kind));
      for (const auto& review : reviews) {
        if (group != review.group) continue;
        resources.push_back({{"resource", review.plural},
                             {"responseKind", {{"group", group}, {"version", version}, {"kind", review.kind}}},
                             {"scope", "Cluster"},
                             {"singularResource", ""},
                             {"verbs", {"create"}}});
      }
      list.push_back({{"version", version}, {"resources", resources}, {"freshness", "Current"}});
    }
    Json metadata = Json::object();
    if (!core) metadata["name"] = group;
    items.push_back({{"metadata", metadata}, {"versions", list}});
  }
  return {{"kind", "APIGroupDiscoveryList"},
          {"apiVersion", "apidiscovery.k8s.io/" + version_of_list},
          {"metadata", Json::object()},
          {"items", items}};
}

/// The form of the aggregated documents that the client understands and prefers.
std::string aggregated_version(const std::string& accept) {
  const auto newer = accept.find("v=v2;");
  const auto older = accept.find("v=v2beta1;");
  if (accept.find("APIGroupDiscoveryList") == std::string::npos) return {};
  if (newer == std::string::npos && older == std::string::npos)
    return accept.find("v2beta1") == std::string::npos ? "v2" : "v2beta1";
  return newer < older ? "v2" : "v2beta1";
}

Document json(const Json& body) { return {"application/json", dump_json(body)}; }

Json root_document(const Groups& groups, bool core) {
  if (core) {
    return {{"kind", "APIVersions"}, {"versions", {"v1"}}, {"serverAddressByClientCIDRs", Json::array()}};
  }
  auto list = Json::array();
  for (const auto& [group, versions] : groups) {
    if (!group.empty()) list.push_back(group_entry(group, versions));
  }
  return {{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", list}};
}

}  // namespace

std::optional<Document> discovery(const Kinds& kinds, const std::string& path, const std::string& accept) {
  const auto groups = groups_of(kinds);
  if (path == "/api" || path == "/apis") {
    const bool core = path == "/api";
    const auto version = aggregated_version(accept);
    if (version.empty()) return json(root_document(groups, core));
    return Document{"application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList",
                    dump_json(aggregated(groups, core, version))};
  }
  for (const auto& [group, versions] : groups) {
    if (!group.empty() && path == "/apis/" + group) {
      auto body = group_entry(group, versions);
      body.update({{"kind", "APIGroup"}, {"apiVersion", "v1"}});
      return json(body);
    }
    for (const auto& [version, list] : versions) {
      if (path == (group.empty() ? "/api/" : "/apis/") + group_version(group, version))
        return json(resource_list(group, version, list));
    }
  }
  return std::nullopt;
}

Json version_document() {
  return {{"major", "1"},    {"minor", "36"},           {"gitVersion", "v1.36.0-sandbox"},
          {"gitCommit", ""}, {"gitTreeState", "clean"}, {"buildDate", "1970-01-01T00:00:00Z"},
          {"goVersion", ""}, {"compiler", ""},          {"platform", "flux-sandbox"}};
}

}  // namespace flux::sandbox
