#include "daemon/desired.h"

#include <fmt/format.h>

#include "cluster/catalog.h"
#include "daemon/git_files.h"
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

Result<void> DesiredState::read(const Context& ctx, const std::shared_ptr<const git::Repository>& repository,
                                const std::string& revision) {
  if (revision == read_revision_) return {};
  GitFiles all(repository, revision);
  GuardedFiles files(all, missing_);
  auto loaded = loader_.load(ctx, files, git_paths_);
  if (!loaded) return wrap(loaded.error(), "loading resources from repo");
  manifests_ = std::move(*loaded);
  read_revision_ = revision;
  return {};
}

Result<void> DesiredState::resolve(const Context& ctx, cluster::Discovery& discovery) {
  const auto found = discovery.catalog(ctx);
  if (!found) return Failure(found.error());
  const auto& catalog = *found;
  if (manifests_ == resolved_ && catalog == catalog_) {
    revision_ = read_revision_;
    return {};
  }
  auto resolved = manifests::resolve(*manifests_, CatalogScopes(*catalog), default_ns_);
  if (!resolved) return wrap(resolved.error(), "loading resources from repo");
  catalog_ = catalog;
  revision_ = read_revision_;
  resolved_ = manifests_;
  ++generation_;

  desired_.clear();
  for (auto& [id, scoped] : resolved->resources) {
    if (warned_.erase(scoped.manifest->written_id().to_string()) > 0)
      ctx.log({{"info", fmt::format("found scope of resource {}, back in business!", id.to_string())}});
    desired_.emplace_hint(desired_.end(), id, sync::Desired(scoped.manifest, scoped.ns));
  }

  unscoped_.clear();
  for (const auto& [manifest, error] : resolved->unscoped) {
    unscoped_.insert(manifest->id_in(""));
    unscoped_.insert(manifest->id_in(manifest->ns.empty() ? default_ns_ : manifest->ns));
    if (!warned_.insert(manifest->written_id().to_string()).second) continue;
    const auto name = fmt::format("{}/{}", manifest->type.kind, manifest->name);
    ctx.log({{"warn", fmt::format("cannot find scope of resource {}: {}", name, error.message)},
             {"impact", fmt::format("resource {} will be excluded until its scope is available", name)},
             {"source", manifest->source.to_string()}});
  }
  return {};
}

}  // namespace flux::daemon
