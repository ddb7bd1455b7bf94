#include "cluster/watch_cache.h"

#include <algorithm>
#include <utility>

#include "cluster/watch_mail.h"

namespace flux::cluster {
namespace {

std::string key_of(const Resource& resource, const std::string& ns) { return resource.group_resource() + "|" + ns; }

}  // namespace

WatchCache::WatchCache(const Context& ctx, Client& client, Options options)
    : ctx_(ctx),
      client_(client),
      options_(std::move(options)),
      mail_(std::make_shared<WatchMail>()),
      random_(static_cast<std::minstd_rand::result_type>(Clock::now().time_since_epoch().count())),
      stop_with_(ctx_.stop_token(), [this] { end_.request_stop(); }) {
  const MutexLock lock(mutex_);
  ensure_thread();
}

WatchCache::~WatchCache() {
  end_.request_stop();
  thread_.request_stop();
  thread_.join();
}

void WatchCache::watch(const std::string& owner, std::span<const Resource> types) {
  {
    const MutexLock lock(mutex_);
    const auto now = Clock::now();
    ensure_thread();
    auto& uses = uses_[owner];
    uses.clear();
    for (const auto& type : types) {
      if (!type.can_list) continue;
      uses.insert(type.group_resource());
      for (const auto& ns : namespaces_of(type)) line_for(type, ns)->feed.keep(true, now);
    }
    for (auto& [key, line] : lines_)
      line->feed.keep(options_.watch_all || is_used(line->feed.resource().group_resource()), now);
  }
  mail_->knock();
}

void WatchCache::sweep(std::span<const Resource> all) {
  {
    const MutexLock lock(mutex_);
    const auto now = Clock::now();
    ensure_thread();
    std::set<std::string> wanted;
    for (const auto& [owner, uses] : uses_) wanted.insert(uses.begin(), uses.end());
    for (const auto& type : all) {
      if (!type.can_list) continue;
      wanted.insert(type.group_resource());
      for (const auto& ns : namespaces_of(type)) {
        auto& feed = line_for(type, ns)->feed;
        if (options_.watch_all) feed.keep(true, now);
        feed.look_again(now);
      }
    }
    std::erase_if(lines_, [&](const auto& entry) REQUIRES(mutex_) {
      const auto& line = entry.second;
      if (wanted.contains(line->feed.resource().group_resource())) return false;
      line->end.request_stop();
      ++line->request;
      for (const auto& [key, object] : line->feed.objects()) apply_change(live_, {object, nullptr});
      return true;
    });
    swept_ = true;
  }
  mail_->knock();
}

bool WatchCache::wait_listed(const Context& ctx) {
  MutexLock lock(mutex_);
  const auto settled = [this]() REQUIRES(mutex_) {
    return !no_thread_.empty() ||
           std::ranges::none_of(lines_, [](const auto& entry) { return entry.second->feed.is_pending(); });
  };
  if (ctx.deadline()) return listed_.wait_until(lock, ctx.stop_token(), *ctx.deadline(), settled);
  return listed_.wait(lock, ctx.stop_token(), settled);
}

void WatchCache::observe(const Object& object, const Resource& resource) {
  const MutexLock lock(mutex_);
  for (const auto& ns : {std::string{}, std::string(object.ns())})
    if (const auto found = lines_.find(key_of(resource, ns)); found != lines_.end())
      return apply(found->second->feed.observe(object));
}

void WatchCache::observe_deletion(const Resource& resource, const std::string& ns) {
  {
    const MutexLock lock(mutex_);
    for (const auto& of : {std::string{}, ns})
      if (const auto found = lines_.find(key_of(resource, of)); found != lines_.end())
        found->second->feed.look_again(Clock::now());
  }
  mail_->knock();
}

LiveSet WatchCache::snapshot() const {
  const MutexLock lock(mutex_);
  return live_;
}

std::vector<std::string> WatchCache::incomplete() const {
  const MutexLock lock(mutex_);
  std::vector<std::string> reasons;
  if (!no_thread_.empty()) reasons.push_back(no_thread_);
  if (!swept_) reasons.emplace_back("the cluster has not been searched for managed objects yet");
  for (const auto& [key, line] : lines_) {
    const auto& feed = line->feed;
    if (!feed.error().empty())
      reasons.push_back(feed.error());
    else if (!feed.is_listed() || feed.is_pending())
      reasons.push_back(feed.label() + " not listed yet");
  }
  return reasons;
}

std::vector<std::string> WatchCache::forbidden() const {
  const MutexLock lock(mutex_);
  std::vector<std::string> labels;
  for (const auto& [key, line] : lines_)
    if (line->feed.is_forbidden()) labels.push_back(line->feed.label());
  return labels;
}

std::vector<std::string> WatchCache::unwatchable() const {
  const MutexLock lock(mutex_);
  std::vector<std::string> labels;
  for (const auto& [key, line] : lines_)
    if (line->feed.is_unwatchable()) labels.push_back(line->feed.label());
  return labels;
}

std::size_t WatchCache::watches() const {
  const MutexLock lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count_if(
      lines_, [](const auto& entry) { return entry.second->feed.phase() == Feed::Phase::streaming; }));
}

bool WatchCache::is_used(const std::string& group_resource) const {
  return std::ranges::any_of(uses_, [&](const auto& use) { return use.second.contains(group_resource); });
}

void WatchCache::apply(const std::vector<Change>& changes) {
  for (const auto& change : changes) apply_change(live_, change);
}

WatchCache::LinePtr& WatchCache::line_for(const Resource& resource, const std::string& ns) {
  auto& line = lines_[key_of(resource, ns)];
  if (!line) line = std::make_shared<WatchLine>(Feed(resource, ns, rules()));
  return line;
}

std::vector<std::string> WatchCache::namespaces_of(const Resource& resource) const {
  if (!resource.namespaced || options_.namespaces.empty()) return {""};
  return options_.namespaces;
}

FeedRules WatchCache::rules() const {
  FeedRules rules;
  rules.selector = kGcMarkLabel;
  rules.first_backoff = options_.first_backoff;
  rules.max_backoff = options_.max_backoff;
  rules.recheck = options_.recheck;
  rules.page_size = client_.options().page_size;
  if (!options_.namespaces.empty())
    rules.wanted = [allowed = options_.namespaces](const Object& object) {
      const bool is_namespace = object.type.api_version == "v1" && object.type.kind == "Namespace";
      return !is_namespace || std::ranges::find(allowed, object.name()) != allowed.end();
    };
  return rules;
}

}  // namespace flux::cluster
