#include "cluster/watch_cache.h"

#include "cluster/watch_engine.h"

namespace flux::cluster {

WatchCache::WatchCache(const Context& ctx, Client& client, Options options)
    : engine_(std::make_unique<WatchEngine>(ctx, client, std::move(options))) {}
WatchCache::~WatchCache() = default;

void WatchCache::watch(std::span<const Resource> types) { engine_->watch(types); }
void WatchCache::sweep(std::span<const Resource> all) { engine_->sweep(all); }
bool WatchCache::wait_listed(const Context& ctx) { return engine_->wait_listed(ctx); }
std::vector<ObjectPtr> WatchCache::snapshot() const { return engine_->snapshot(); }
std::uint64_t WatchCache::generation() const { return engine_->generation(); }
ObjectPtr WatchCache::find(const ApiType& type, const ResourceId& id) const { return engine_->find(type, id); }
std::vector<std::string> WatchCache::incomplete() const { return engine_->incomplete(); }
std::vector<std::string> WatchCache::forbidden() const { return engine_->forbidden(); }
std::size_t WatchCache::watches() const { return engine_->watches(); }
void WatchCache::observe(const Object& object, const Resource& resource) { engine_->observe(object, resource); }

}  // namespace flux::cluster
