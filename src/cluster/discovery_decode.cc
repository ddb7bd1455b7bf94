#include "cluster/discovery_decode.h"

#include <algorithm>

#include "cluster/json_reader.h"

namespace flux::cluster {
namespace {

std::string join_version(const std::string& group, const std::string& version) {
  return group.empty() ? version : group + "/" + version;
}

void read_verbs(JsonReader& json, Resource& resource) {
  json.array([&] {
    std::string verb;
    json.string(verb);
    if (verb == "list") resource.can_list = true;
    if (verb == "watch") resource.can_watch = true;
    if (verb == "patch") resource.can_patch = true;
    if (verb == "delete") resource.can_delete = true;
  });
}

// The type as the resource itself names it: scale-like types may belong to another group than they are served in.
struct ResponseKind {
  std::string group;
  std::string version;
  std::string kind;
};

ResponseKind read_response_kind(JsonReader& json) {
  ResponseKind out;
  json.object([&](std::string_view key) {
    if (key == "group") return json.string(out.group);
    if (key == "version") return json.string(out.version);
    if (key == "kind") return json.string(out.kind);
    json.skip();
  });
  return out;
}

Resource read_aggregated_resource(JsonReader& json) {
  Resource resource;
  std::string scope;
  json.object([&](std::string_view key) {
    if (key == "resource") return json.string(resource.plural);
    if (key == "scope") return json.string(scope);
    if (key == "verbs") return read_verbs(json, resource);
    if (key != "responseKind") return json.skip();
    resource.type.kind = read_response_kind(json).kind;
  });
  resource.namespaced = scope == "Namespaced";
  return resource;
}

struct Version {
  std::string name;
  std::string freshness;
  std::vector<Resource> resources;
};

Version read_version(JsonReader& json) {
  Version out;
  json.object([&](std::string_view key) {
    if (key == "version") return json.string(out.name);
    if (key == "freshness") return json.string(out.freshness);
    if (key != "resources") return json.skip();
    json.array([&] { out.resources.push_back(read_aggregated_resource(json)); });
  });
  return out;
}

void read_aggregated_group(JsonReader& json, Discovered& to) {
  std::string group;
  std::vector<Version> versions;
  json.object([&](std::string_view key) {
    if (key == "metadata")
      return json.object([&](std::string_view field) {
        if (field == "name") return json.string(group);
        json.skip();
      });
    if (key != "versions") return json.skip();
    json.array([&] { versions.push_back(read_version(json)); });
  });
  for (auto& version : versions) {
    const auto group_version = join_version(group, version.name);
    if (version.freshness == "Stale")
      to.failures.push_back(group_version + ": its extension API server does not answer");
    for (auto& resource : version.resources) {
      if (resource.type.kind.empty()) continue;
      resource.type.api_version = group_version;
      to.resources.push_back(std::move(resource));
    }
  }
}

void read_legacy_group(JsonReader& json, Discovered& to) {
  std::vector<std::string> versions;
  std::string preferred;
  const auto read_group_version = [&](std::string& out) {
    json.object([&](std::string_view key) {
      if (key == "groupVersion") return json.string(out);
      json.skip();
    });
  };
  json.object([&](std::string_view key) {
    if (key == "preferredVersion") return read_group_version(preferred);
    if (key != "versions") return json.skip();
    json.array([&] { read_group_version(versions.emplace_back()); });
  });
  std::ranges::stable_partition(versions, [&](const std::string& version) { return version == preferred; });
  to.versions.insert(to.versions.end(), versions.begin(), versions.end());
}

std::string kind_of_document(std::string_view body) {
  std::string kind;
  JsonReader json(body);
  json.object([&](std::string_view key) {
    if (key == "kind") return json.string(kind);
    json.skip();
  });
  return json.failed() ? std::string{} : kind;
}

}  // namespace

Discovered decode_discovery(std::string_view body) {
  Discovered out;
  const auto kind = kind_of_document(body);
  out.aggregated = kind == "APIGroupDiscoveryList";
  out.readable = out.aggregated || kind == "APIGroupList" || kind == "APIVersions";
  if (!out.readable) return out;
  JsonReader json(body);
  json.object([&](std::string_view key) {
    if (out.aggregated && key == "items") return json.array([&] { read_aggregated_group(json, out); });
    if (kind == "APIGroupList" && key == "groups") return json.array([&] { read_legacy_group(json, out); });
    if (kind == "APIVersions" && key == "versions")
      return json.array([&] { json.string(out.versions.emplace_back()); });
    json.skip();
  });
  return out;
}

bool decode_resource_list(std::string_view body, const std::string& group_version, std::vector<Resource>& to) {
  if (kind_of_document(body) != "APIResourceList") return false;
  JsonReader json(body);
  json.object([&](std::string_view key) {
    if (key != "resources") return json.skip();
    json.array([&] {
      Resource resource;
      resource.type.api_version = group_version;
      json.object([&](std::string_view field) {
        if (field == "name") return json.string(resource.plural);
        if (field == "kind") return json.string(resource.type.kind);
        if (field == "namespaced") return json.boolean(resource.namespaced);
        if (field == "verbs") return read_verbs(json, resource);
        json.skip();
      });
      const bool subresource = resource.plural.find('/') != std::string::npos;
      if (!subresource && !resource.plural.empty()) to.push_back(std::move(resource));
    });
  });
  return true;
}

}  // namespace flux::cluster
