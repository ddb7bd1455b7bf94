#include "cluster/watch_engine.h"

#include <algorithm>
#include <utility>

namespace flux::cluster {
namespace {

constexpr int kListsAtOnce = 6;  // each holds a page of JSON in memory
constexpr Duration kNothingDue = std::chrono::hours(1);

std::string key_of(const Resource& resource, const std::string& ns) { return resource.group_resource() + "|" + ns; }

Resource definitions_resource() {
  return {{"apiextensions.k8s.io/v1", "CustomResourceDefinition"},
          "customresourcedefinitions",
          false,
          true,
          true,
          true,
          true};
}

}  // namespace

/// What has arrived for the engine's thread, and the wish to be looked at.
class WatchEngine::Mail {
 public:
  void put(Event event) {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(std::move(event));
    }
    arrived_.notify_one();
  }
  void knock() {
    {
      const std::lock_guard lock(mutex_);
      knocked_ = true;
    }
    arrived_.notify_one();
  }
  std::deque<Event> take(const std::stop_token& stop, Clock::time_point until) {
    std::unique_lock lock(mutex_);
    arrived_.wait_until(lock, stop, until, [this] { return knocked_ || !events_.empty(); });
    knocked_ = false;
    return std::exchange(events_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any arrived_;
  std::deque<Event> events_;
  bool knocked_ = false;
};

WatchEngine::WatchEngine(const Context& ctx, Client& client, WatchCache::Options options)
    : ctx_(ctx),
      client_(client),
      options_(std::move(options)),
      mail_(std::make_shared<Mail>()),
      random_(static_cast<std::minstd_rand::result_type>(Clock::now().time_since_epoch().count())),
      stop_with_(ctx_.stop_token(), [this] { end_.request_stop(); }) {
  const std::lock_guard lock(mutex_);
  ensure_thread();
}

WatchEngine::~WatchEngine() {
  end_.request_stop();
  thread_.request_stop();
  thread_.join();
}

/// Where the system had no thread for us it may have one later. mutex_ is held.
void WatchEngine::ensure_thread() {
  if (!thread_.finished() || end_.stop_requested()) return;
  auto started = Worker::start({.name = "watches", .doing = "watching the cluster", .log = ctx_.log},
                               [this](const Context&) { run(end_.get_token()); });
  no_thread_ = started ? std::string() : started.error().message;
  if (started)
    thread_ = *std::move(started);
  else
    ctx_.log({{"err", started.error()}});
}

double WatchEngine::jitter() { return std::uniform_real_distribution<>(0, 1)(random_); }

FeedRules WatchEngine::rules() const {
  FeedRules rules;
  rules.selector = kGcMarkLabel;
  rules.first_backoff = options_.first_backoff;
  rules.max_backoff = options_.max_backoff;
  rules.page_size = client_.options().page_size;
  if (!options_.namespaces.empty())
    rules.wanted = [allowed = options_.namespaces](const Object& object) {
      const bool is_namespace = object.type.api_version == "v1" && object.type.kind == "Namespace";
      return !is_namespace || std::ranges::find(allowed, object.name()) != allowed.end();
    };
  return rules;
}

std::vector<std::string> WatchEngine::namespaces_of(const Resource& resource) const {
  if (!resource.namespaced || options_.namespaces.empty()) return {""};
  return options_.namespaces;
}

WatchEngine::LinePtr& WatchEngine::line_for(const Resource& resource, const std::string& ns) {
  auto& line = lines_[key_of(resource, ns)];
  if (!line) line = std::make_shared<Line>(Feed(resource, ns, rules()));
  return line;
}

bool WatchEngine::is_used(const std::string& group_resource) const {
  return std::ranges::any_of(uses_, [&](const auto& use) { return use.second.contains(group_resource); });
}

void WatchEngine::apply(const std::vector<Change>& changes) {
  for (const auto& change : changes) apply_change(live_, change);
}

void WatchEngine::watch(const std::string& owner, std::span<const Resource> types) {
  {
    const std::lock_guard lock(mutex_);
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
      if (!is_used(line->feed.resource().group_resource())) line->feed.keep(false, now);
  }
  mail_->knock();
}

void WatchEngine::sweep(std::span<const Resource> all) {
  {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    ensure_thread();
    std::set<std::string> wanted;
    for (const auto& [owner, uses] : uses_) wanted.insert(uses.begin(), uses.end());
    for (const auto& type : all) {
      if (!type.can_list) continue;
      wanted.insert(type.group_resource());
      for (const auto& ns : namespaces_of(type)) line_for(type, ns)->feed.look_again(now);
    }
    std::erase_if(lines_, [&](const auto& entry) {
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

bool WatchEngine::wait_listed(const Context& ctx) {
  std::unique_lock lock(mutex_);
  const auto settled = [this] {
    return !no_thread_.empty() ||
           std::ranges::none_of(lines_, [](const auto& entry) { return entry.second->feed.is_pending(); });
  };
  if (ctx.deadline()) return listed_.wait_until(lock, ctx.stop_token(), *ctx.deadline(), settled);
  return listed_.wait(lock, ctx.stop_token(), settled);
}

void WatchEngine::observe(const Object& object, const Resource& resource) {
  const std::lock_guard lock(mutex_);
  for (const auto& ns : {std::string{}, std::string(object.ns())})
    if (const auto found = lines_.find(key_of(resource, ns)); found != lines_.end())
      return apply(found->second->feed.observe(object));
}

LiveSet WatchEngine::snapshot() const {
  const std::lock_guard lock(mutex_);
  return live_;
}

std::vector<std::string> WatchEngine::incomplete() const {
  const std::lock_guard lock(mutex_);
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

std::vector<std::string> WatchEngine::forbidden() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> labels;
  for (const auto& [key, line] : lines_)
    if (line->feed.is_forbidden()) labels.push_back(line->feed.label());
  return labels;
}

std::size_t WatchEngine::watches() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count_if(
      lines_, [](const auto& entry) { return entry.second->feed.phase() == Feed::Phase::streaming; }));
}

void WatchEngine::run(const std::stop_token& stop) {
  try {
    watch_all(stop);
  } catch (...) {
    start_over();
    throw;
  }
}

/// Nobody knows which answers and events were lost: everything is listed again. Until then what we knew stays.
void WatchEngine::start_over() {
  const std::lock_guard lock(mutex_);
  const auto anew = [now = Clock::now()](Line& line) {
    line.end.request_stop();
    line.end = std::stop_source();
    ++line.request;
    line.feed.start_over(now);
  };
  if (definitions_) anew(*definitions_);
  live_ = {};
  for (auto& [key, line] : lines_) {
    anew(*line);
    for (const auto& [name, object] : line->feed.objects()) apply_change(live_, {nullptr, object});
  }
}

void WatchEngine::watch_all(const std::stop_token& stop) {
  if (options_.on_definitions_change) {
    const std::lock_guard lock(mutex_);
    auto quiet = rules();
    quiet.selector.clear();
    quiet.store = false;
    if (!definitions_) definitions_ = std::make_shared<Line>(Feed(definitions_resource(), "", quiet));
    definitions_->feed.keep(true, Clock::now());
  }
  while (!stop.stop_requested()) {
    start_due(stop);
    for (auto& event : mail_->take(stop, next_due())) handle(std::move(event));
  }
  const std::lock_guard lock(mutex_);
  if (definitions_) definitions_->end.request_stop();
  for (auto& [key, line] : lines_) line->end.request_stop();
}

Clock::time_point WatchEngine::next_due() const {
  const std::lock_guard lock(mutex_);
  auto due = Clock::now() + kNothingDue;
  const auto look = [&](const Feed& feed) {
    if (feed.phase() == Feed::Phase::waiting) due = std::min(due, feed.due_at());
  };
  if (definitions_) look(definitions_->feed);
  // A full house of lists opens up with an answer, which wakes us by itself.
  const auto listing = std::ranges::count_if(
      lines_, [](const auto& entry) { return entry.second->feed.phase() == Feed::Phase::listing; });
  if (listing < kListsAtOnce)
    for (const auto& [key, line] : lines_) look(line->feed);
  return due;
}

void WatchEngine::start_due(const std::stop_token& stop) {
  struct Start {
    LinePtr line;
    Feed::Phase phase;
    std::uint64_t request;
  };
  std::vector<Start> starts;
  {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    auto listing = std::ranges::count_if(
        lines_, [](const auto& entry) { return entry.second->feed.phase() == Feed::Phase::listing; });
    const auto consider = [&](const LinePtr& line) {
      if (!line->feed.due(now) || listing >= kListsAtOnce) return;
      const auto phase = line->feed.begin(now);
      listing += phase == Feed::Phase::listing;
      starts.push_back({line, phase, ++line->request});
    };
    if (definitions_) consider(definitions_);
    for (const auto& [key, line] : lines_) consider(line);
  }
  for (const auto& [line, phase, request] : starts)
    if (!stop.stop_requested()) start(line, phase, request);
}

void WatchEngine::start(const LinePtr& line, Feed::Phase phase, std::uint64_t request) {
  const auto ctx = ctx_.with_stop(line->end.get_token());
  const auto send = [mail = mail_, line, request](auto what) { mail->put(Event{line, request, std::move(what)}); };
  Call call;
  std::chrono::seconds server_time{};
  Duration idle{};
  {
    const std::lock_guard lock(mutex_);
    server_time = std::chrono::duration_cast<std::chrono::seconds>(options_.watch_time * (1 + jitter()));
    idle = server_time + options_.idle_slack;
    if (line->feed.sends_bookmarks()) idle = std::min(idle, options_.bookmark_silence);
    call = phase == Feed::Phase::listing ? line->feed.list_call() : line->feed.watch_call(server_time);
  }
  if (phase == Feed::Phase::listing)
    return client_.start(ctx, call, [send](Result<http::ClientResponse> answer) { send(Listed{std::move(answer)}); });
  client_.start_stream(
      ctx, call,
      [send](std::string_view bytes) {
        send(Bytes{std::string(bytes)});
        return true;
      },
      idle, [send](Result<http::ClientResponse> answer) { send(Ended{std::move(answer)}); });
}

void WatchEngine::handle(Event event) {
  std::vector<Change> changes;
  bool definitions_changed = false;
  bool unauthorized = false;
  {
    const std::lock_guard lock(mutex_);
    if (event.request != event.line->request) return;
    auto& feed = event.line->feed;
    const Feed::Arrival at{Clock::now(), jitter()};
    if (const auto* bytes = std::get_if<Bytes>(&event.what))
      changes = feed.received(bytes->bytes);
    else if (const auto* listed = std::get_if<Listed>(&event.what))
      changes = feed.listed(listed->answer, at);
    else
      feed.ended(std::get<Ended>(event.what).answer, at);
    apply(changes);
    unauthorized = feed.take_unauthorized();
    definitions_changed = event.line == definitions_ && feed.take_noticed();
    tell_trouble(*event.line);
  }
  listed_.notify_all();
  if (unauthorized) client_.forget_credentials();
  if (definitions_changed) options_.on_definitions_change();
  if (!options_.on_change) return;
  for (const auto& change : changes) options_.on_change(change);
}

void WatchEngine::tell_trouble(Line& line) {
  const auto& error = line.feed.error();
  // One failure passes before anybody could read of it.
  if (!error.empty() && line.feed.failures() < 2) return;
  if (!error.empty() && !line.logged) ctx_.log({{"warning", "cannot watch the cluster"}, {"err", error}});
  if (error.empty() && line.logged) ctx_.log({{"info", "watching the cluster again"}, {"resource", line.feed.label()}});
  line.logged = !error.empty();
}

}  // namespace flux::cluster
