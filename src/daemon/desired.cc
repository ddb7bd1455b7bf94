#include "daemon/desired.h"

#include <fmt/format.h>

#include <algorithm>

#include "cluster/catalog.h"
#include "daemon/git_files.h"
#include "git/tree_changes.h"
#include "manifests/scope.h"

namespace flux::daemon {
namespace {

class CatalogScopes : public manifests::ScopeLookup {
 public:
  explicit CatalogScopes(const cluster::Catalog& catalog) : catalog_(catalog) {}

  [[nodiscard]] Result<manifests::Scope> scope_of(const ApiType& type) const override {
    if (const auto* resource = catalog_.find(type))
      return resource->namespaced ? manifests::Scope::namespaced : manifests::Scope::cluster;
    return fail(ErrorKind::missing, fmt::format("resource not found for API {}, kind {}", type.api_version, type.kind));
  }

 private:
  const cluster::Catalog& catalog_;
};

}  // namespace

/// What was read last, brought forward by what the commits in between changed; nothing where that is not enough.
Result<std::optional<manifests::Files>> DesiredState::follow(const Bounded& ctx, const git::Repository& repository,
                                                             GuardedFiles& files, const std::string& revision) {
  if (read_revision_.empty()) return std::nullopt;
  const auto changed = git::list_changes(ctx, repository, read_revision_, revision);
  if (!changed) return std::nullopt;  // the old revision may be gone
  std::vector<manifests::FileChange> changes;
  for (const auto& change : *changed) {
    if (files.minds(change.path)) return std::nullopt;
    changes.push_back({change.path, change.blob, change.symlink});
  }
  return loader_.follow(ctx, files, changes);
}

Result<void> DesiredState::read(const Bounded& ctx, const std::shared_ptr<const git::Repository>& repository,
                                const std::string& revision) {
  if (revision == read_revision_) return {};
  GitFiles all(repository, revision);
  GuardedFiles files(all, missing_, git_paths_);
  auto followed = follow(ctx, *repository, files, revision);
  if (followed && *followed) {
    files_ = std::move(**followed);
  } else {
    auto loaded = loader_.load(ctx, files, git_paths_);
    if (!loaded) return wrap(loaded.error(), "loading resources from repo");
    files_ = std::move(*loaded);
  }
  read_revision_ = revision;
  return {};
}

/// view_'s resources brought forward by the files that differ; nothing where only a look at all of them can tell: a
/// kind that the catalog does not know, a definition that may say more about kinds, or two resources of one id.
std::optional<sync::DesiredSet> DesiredState::follow_files(const manifests::ScopeLookup& scopes) const {
  std::vector<manifests::ManifestPtr> gone;
  std::vector<manifests::ManifestPtr> come;
  manifests::Files::compare(resolved_, files_, [&](const std::string&, const auto* before, const auto* after) {
    if (before) gone.insert(gone.end(), (*before)->manifests.begin(), (*before)->manifests.end());
    if (after) come.insert(come.end(), (*after)->manifests.begin(), (*after)->manifests.end());
  });
  auto desired = *view_.resources;
  const auto place = [&](const Manifest& manifest) -> std::optional<std::string> {
    const auto scope = scopes.scope_of(manifest.type);
    if (!scope || manifest.type.kind == "CustomResourceDefinition") return std::nullopt;
    return manifests::effective_namespace(manifest, *scope, default_ns_);
  };
  const auto has_namesake = [&](const ResourceId& id) { return view_.namesakes->contains(id); };
  for (const auto& manifest : gone) {
    const auto ns = place(*manifest);
    if (!ns || has_namesake(manifest->id_in(*ns)) || !desired.erase(manifest->id_in(*ns))) return std::nullopt;
  }
  for (const auto& manifest : come) {
    const auto ns = place(*manifest);
    if (!ns || has_namesake(manifest->id_in(*ns))) return std::nullopt;
    // Not only equal effective ids are refused: load() also refuses equal ones as written.
    for (const auto& other_ns : {*ns, std::string(), manifest->ns, default_ns_})
      if (const auto* other = desired.find(manifest->id_in(other_ns));
          other && (other_ns == *ns || other->manifest->written_id() == manifest->written_id()))
        return std::nullopt;
    desired.set(manifest->id_in(*ns), sync::Desired(manifest, *ns));
  }
  return desired;
}

Result<void> DesiredState::resolve(const Bounded& ctx, cluster::Discovery& discovery) {
  const auto catalog = discovery.catalog(ctx);
  if (!catalog) return Failure(catalog.error());
  const CatalogScopes scopes(**catalog);
  if (*catalog == catalog_ && files_.shares_all_with(resolved_)) {
    view_.revision = read_revision_;
    return {};
  }
  auto followed = *catalog == catalog_ && view_.unscoped->empty() ? follow_files(scopes) : std::nullopt;
  if (followed)
    publish(std::move(*followed));
  else if (auto ok = resolve_all(ctx, scopes); !ok)
    return ok;
  catalog_ = *catalog;
  return {};
}

void DesiredState::publish(sync::DesiredSet desired) {
  resolved_ = files_;
  view_.revision = read_revision_;
  view_.resources = std::make_shared<const sync::DesiredSet>(std::move(desired));
}

Result<void> DesiredState::resolve_all(const Context& ctx, const manifests::ScopeLookup& scopes) {
  auto resolved = manifests::resolve(manifests::manifests_of(files_), scopes, default_ns_);
  if (!resolved) return wrap(resolved.error(), "loading resources from repo");

  // What stays is shared with the set before, so that a plan finds what differs.
  auto desired = *view_.resources;
  for (const auto& [id, resource] : *view_.resources)
    if (!resolved->resources.contains(id)) desired.erase(id);
  for (auto& [id, scoped] : resolved->resources) {
    if (warned_.erase(scoped.manifest->written_id().to_string()) > 0)
      ctx.log({{"info", fmt::format("found scope of resource {}, back in business!", id.to_string())}});
    const auto* known = desired.find(id);
    if (!known || known->manifest != scoped.manifest || known->ns != scoped.ns)
      desired.set(id, sync::Desired(scoped.manifest, scoped.ns));
  }

  std::set<ResourceId> ids;
  std::vector<UnscopedResource> unscoped;
  for (const auto& [manifest, error] : resolved->unscoped) {
    ids.insert(manifest->id_in(""));
    ids.insert(manifest->id_in(manifest->ns.empty() ? default_ns_ : manifest->ns));
    const auto written = manifest->written_id().to_string();
    unscoped.push_back({written, manifest->source.to_string(), error.message});
    if (!warned_.insert(written).second) continue;
    const auto name = fmt::format("{}/{}", manifest->type.kind, manifest->name);
    ctx.log({{"warn", fmt::format("cannot find scope of resource {}: {}", name, error.message)},
             {"impact", fmt::format("resource {} will be excluded until its scope is available", name)},
             {"source", manifest->source.to_string()}});
  }

  publish(std::move(desired));
  view_.unscoped = std::make_shared<const std::vector<UnscopedResource>>(std::move(unscoped));
  view_.namesakes = std::make_shared<const Namesakes>(std::move(resolved->namesakes));
  view_.unscoped_ids = std::make_shared<const std::set<ResourceId>>(std::move(ids));
  return {};
}

}  // namespace flux::daemon
