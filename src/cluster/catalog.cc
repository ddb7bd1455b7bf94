#include "cluster/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cluster/client.h"
#include "model/glob.h"

namespace flux::cluster {
namespace {

bool is_excluded(const ApiType& type, const std::vector<std::string>& globs) {
  return std::ranges::any_of(globs, [&](const std::string& glob) {
    return glob_match(glob, type.api_version + "/") || glob_match(glob, type.api_version + "/" + type.kind);
  });
}

// Never managed by anyone, or the same objects as another type.
bool is_noise(const Resource& resource) {
  if (resource.type.api_version == "v1")
    return resource.type.kind == "ComponentStatus" || resource.type.kind == "Endpoints";
  return resource.type.group() == "events.k8s.io";
}

}  // namespace

std::string Resource::group_resource() const {
  const auto group = type.group();
  return group.empty() ? plural : fmt::format("{}.{}", plural, group);
}

std::string Resource::path(std::string_view ns) const {
  const bool core = type.api_version.find('/') == std::string::npos;
  auto out = (core ? "/api/" : "/apis/") + type.api_version;
  if (namespaced && !ns.empty()) out += "/namespaces/" + encode_uri(ns);
  return out + "/" + plural;
}

std::string Resource::path(std::string_view ns, std::string_view name) const {
  return path(ns) + "/" + encode_uri(name);
}

Catalog::Catalog(std::vector<Resource> resources, std::vector<std::string> failures,
                 const std::vector<std::string>& excluded)
    : resources_(std::move(resources)), failures_(std::move(failures)) {
  std::set<std::string> listed;
  for (std::size_t i = 0; i < resources_.size(); ++i) {
    const auto& resource = resources_[i];
    by_type_.emplace(resource.type, i);
    if (!resource.can_list || is_noise(resource) || is_excluded(resource.type, excluded)) continue;
    if (listed.insert(resource.group_resource()).second) listable_.push_back(resource);
  }
}

const Resource* Catalog::find(const ApiType& type) const {
  const auto found = by_type_.find(type);
  return found == by_type_.end() ? nullptr : &resources_[found->second];
}

const Resource* Catalog::find(std::string_view api_version, std::string_view kind) const {
  return find(ApiType{std::string(api_version), std::string(kind)});
}

const Resource* Catalog::listed_as(const ApiType& type) const {
  const auto* resource = find(type);
  if (resource == nullptr) return nullptr;
  const auto name = resource->group_resource();
  const auto found = std::ranges::find_if(listable_, [&](const Resource& r) { return r.group_resource() == name; });
  return found == listable_.end() ? nullptr : &*found;
}

const Resource* Catalog::preferred(std::string_view group, std::string_view kind) const {
  const auto found = std::ranges::find_if(
      resources_, [&](const Resource& r) { return r.type.kind == kind && r.type.group() == group; });
  return found == resources_.end() ? nullptr : &*found;
}

}  // namespace flux::cluster
