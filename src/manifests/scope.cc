#include "manifests/scope.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/json.h"
#include "manifests/problems.h"

namespace flux::manifests {
namespace {

using Scopes = std::map<ApiType, Scope>;

/// A member of an object; nothing where `value` is something else or has no such member.
const SortedJson* member(const SortedJson* value, const char* key) {
  if (!value || !value->is_object()) return nullptr;
  const auto found = value->find(key);
  return found == value->end() ? nullptr : &*found;
}

std::string text(const SortedJson* value) {
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

/// The scopes that a CustomResourceDefinition defines; none where it does not make sense.
void add_scopes(const Manifest& definition, Scopes& scopes) {
  const auto object = parse_sorted_json(definition.rest).value_or(nullptr);
  const auto* spec = member(&object, "spec");
  const auto group = text(member(spec, "group"));
  const auto kind = text(member(member(spec, "names"), "kind"));
  if (group.empty() || kind.empty()) return;
  const auto scope = text(member(spec, "scope")) == "Namespaced" ? Scope::namespaced : Scope::cluster;
  const auto* versions = member(spec, "versions");
  if (!versions || !versions->is_array() || versions->empty()) {
    scopes.insert_or_assign({group + "/" + text(member(spec, "version")), kind}, scope);
    return;
  }
  for (const auto& version : *versions)
    scopes.insert_or_assign({group + "/" + text(member(&version, "name")), kind}, scope);
}

Scopes defined_by(std::span<const ManifestPtr> manifests) {
  Scopes scopes;
  for (const auto& manifest : manifests)
    if (manifest->type.kind == "CustomResourceDefinition") add_scopes(*manifest, scopes);
  return scopes;
}

/// Asks for each type once, and reads the definitions among the manifests only when the cluster does not know a type.
class ScopeFinder {
 public:
  ScopeFinder(std::span<const ManifestPtr> manifests, const ScopeLookup& lookup)
      : manifests_(manifests), lookup_(lookup) {}

  const Result<Scope>& of(const ApiType& type) {
    if (const auto found = known_.find(type); found != known_.end()) return found->second;
    return known_.emplace(type, find(type)).first->second;
  }

 private:
  Result<Scope> find(const ApiType& type) {
    auto scope = lookup_.scope_of(type);
    if (scope || scope.error().kind != ErrorKind::missing) return scope;
    if (!defined_) defined_ = defined_by(manifests_);
    const auto found = defined_->find(type);
    if (found != defined_->end()) return found->second;
    return scope;
  }

  std::span<const ManifestPtr> manifests_;
  const ScopeLookup& lookup_;
  std::map<ApiType, Result<Scope>> known_;
  std::optional<Scopes> defined_;
};

/// Which of those that have its id may be one object with `manifest`.
const Manifest* find_same(const Scoped& first, std::span<const Scoped> further, const Manifest& manifest) {
  if (may_be_one(first.manifest->type, manifest.type)) return first.manifest.get();
  const auto same =
      std::ranges::find_if(further, [&](const Scoped& one) { return may_be_one(one.manifest->type, manifest.type); });
  return same == further.end() ? nullptr : same->manifest.get();
}

/// Gives all that have the plain id `id` ids of their own.
void separate(Resolved& resolved, const ResourceId& id, std::vector<Scoped> all) {
  const auto first = resolved.resources.extract(id);
  all.insert(all.begin(), std::move(first.mapped()));
  std::vector<std::string_view> groups;
  for (const auto& one : all) groups.push_back(one.manifest->type.group());
  const auto ids = tell_apart(id, groups);
  for (std::size_t i = 0; i < all.size(); ++i) resolved.resources.emplace(ids[i], std::move(all[i]));
  resolved.namesakes.emplace(id, ids);
}

}  // namespace

std::string effective_namespace(const Manifest& manifest, Scope scope, std::string_view default_namespace) {
  if (scope == Scope::cluster) return {};
  return manifest.ns.empty() ? std::string(default_namespace) : manifest.ns;
}

Result<Resolved> resolve(std::span<const ManifestPtr> manifests, const ScopeLookup& lookup,
                         std::string_view default_namespace) {
  ScopeFinder scopes(manifests, lookup);
  Resolved resolved;
  std::map<ResourceId, std::vector<Scoped>> further;
  std::vector<std::string> problems;
  for (const auto& manifest : manifests) {
    const auto& scope = scopes.of(manifest->type);
    if (!scope) {
      if (scope.error().kind != ErrorKind::missing) return Failure(scope.error());
      resolved.unscoped.push_back({manifest, scope.error()});
      continue;
    }
    const auto ns = effective_namespace(*manifest, *scope, default_namespace);
    const auto [known, fresh] = resolved.resources.try_emplace(manifest->id_in(ns), Scoped{manifest, ns});
    if (fresh) continue;
    if (const auto* same = find_same(known->second, further[known->first], *manifest))
      problems.push_back(duplicate(known->first, same->source, manifest->source));
    else
      further[known->first].push_back({manifest, ns});
  }
  if (!problems.empty()) return Failure(combine(problems));
  for (auto& [id, scoped] : further) separate(resolved, id, std::move(scoped));
  return resolved;
}

}  // namespace flux::manifests
