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

/// Whether what was read last is what `revision` says, too, told by the names of the files that differ. A file that
/// goes may take a directory with it that --git-path names; a link may stand for any file.
bool DesiredState::only_other_files_changed(const Bounded& ctx, const git::Repository& repository,
                                            const std::string& revision) const {
  if (!manifests_ || loader_.saw_links()) return false;
  const auto changes = git::list_changes(ctx, repository, read_revision_, revision);
  return changes && std::ranges::none_of(*changes, [](const git::TreeChange& change) {
           return change.removed || change.symlink || manifests::is_manifest_name(change.path) ||
                  change.path.starts_with(".gitsecret/");
         });
}

Result<void> DesiredState::read(const Bounded& ctx, const std::shared_ptr<const git::Repository>& repository,
                                const std::string& revision) {
  if (revision == read_revision_) return {};
  if (only_other_files_changed(ctx, *repository, revision)) {
    read_revision_ = revision;
    return {};
  }
  GitFiles all(repository, revision);
  GuardedFiles files(all, missing_);
  auto loaded = loader_.load(ctx, files, git_paths_);
  if (!loaded) return wrap(loaded.error(), "loading resources from repo");
  manifests_ = std::move(*loaded);
  read_revision_ = revision;
  return {};
}

Result<void> DesiredState::resolve(const Bounded& ctx, cluster::Discovery& discovery) {
  const auto found = discovery.catalog(ctx);
  if (!found) return Failure(found.error());
  const auto& catalog = *found;
  if (manifests_ == resolved_ && catalog == catalog_) {
    view_.revision = read_revision_;
    return {};
  }
  auto resolved = manifests::resolve(*manifests_, CatalogScopes(*catalog), default_ns_);
  if (!resolved) return wrap(resolved.error(), "loading resources from repo");

  sync::DesiredSet desired;
  for (auto& [id, scoped] : resolved->resources) {
    if (warned_.erase(scoped.manifest->written_id().to_string()) > 0)
      ctx.log({{"info", fmt::format("found scope of resource {}, back in business!", id.to_string())}});
    desired.emplace_hint(desired.end(), id, sync::Desired(scoped.manifest, scoped.ns));
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

  catalog_ = catalog;
  resolved_ = manifests_;
  ++generation_;
  view_ = {read_revision_, std::make_shared<const sync::DesiredSet>(std::move(desired)),
           std::make_shared<const std::vector<UnscopedResource>>(std::move(unscoped)),
           std::make_shared<const std::set<ResourceId>>(std::move(ids))};
  return {};
}

}  // namespace flux::daemon
