#include "cluster/watch_cache.h"

#include "cluster/watch_engine.h"

namespace flux::cluster {

WatchCache::WatchCache(const Context& ctx, Client& client, Options options)
    : engine_(std::make_unique<WatchEngine>(ctx, client, std::move(options))) {}
WatchCache::~WatchCache() = default;

void WatchCache::watch(const std::string& owner, std::span<const Resource> types) { engine_->watch(owner, types); }
void WatchCache::sweep(std::span<const Resource> all) { engine_->sweep(all); }
bool WatchCache::wait_listed(const Context& ctx) { return engine_->wait_listed(ctx); }
LiveSet WatchCache::snapshot() const { return engine_->snapshot(); }
std::vector<std::string> WatchCache::incomplete() const { return engine_->incomplete(); }
std::vector<std::string> WatchCache::forbidden() const { return engine_->forbidden(); }
std::size_t WatchCache::watches() const { return engine_->watches(); }
void WatchCache::observe(const Object& object, const Resource& resource) { engine_->observe(object, resource); }

}  // namespace flux::cluster
