#include <algorithm>
#include <utility>

#include "cluster/watch_cache.h"
#include "cluster/watch_mail.h"

namespace flux::cluster {
namespace {

constexpr int kListsAtOnce = 6;  // each holds a page of JSON in memory
constexpr int kToldOfEach = 3;   // types in trouble that the log names
constexpr Duration kQuietWatch = std::chrono::minutes(10);
constexpr Duration kNothingDue = std::chrono::hours(1);

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

/// What is to be sent now for a line.
struct WatchCache::Start {
  LinePtr line;
  Feed::Phase phase;
  std::uint64_t request;
};

void WatchCache::run(const std::stop_token& stop) {
  try {
    watch_all(stop);
  } catch (...) {
    start_over(/*keep_definitions=*/false);
    throw;
  }
}

void WatchCache::watch_all(const std::stop_token& stop) {
  if (options_.on_definitions_change) {
    const MutexLock lock(mutex_);
    auto quiet = rules();
    quiet.selector.clear();
    quiet.store = false;
    if (!definitions_) definitions_ = std::make_shared<WatchLine>(Feed(definitions_resource(), "", quiet));
    definitions_->feed.keep(true, Clock::now());
  }
  while (!stop.stop_requested()) {
    start_due(stop);
    for (auto& message : mail_->take(stop, next_due())) handle(std::move(message));
  }
  const MutexLock lock(mutex_);
  if (definitions_) definitions_->end.request_stop();
  for (auto& [key, line] : lines_) line->end.request_stop();
}

/// Where the system had no thread for us it may have one later.
void WatchCache::ensure_thread() {
  if (!thread_.finished() || end_.stop_requested()) return;
  auto started = Worker::start({.name = "watches", .doing = "watching the cluster", .log = ctx_.log},
                               [this](const Context&) { run(end_.get_token()); });
  no_thread_ = started ? std::string() : started.error().message;
  if (started)
    thread_ = *std::move(started);
  else
    ctx_.log({{"err", started.error()}});
}

/// Nobody knows which answers and events were lost: everything is listed again. Until then what we knew stays.
void WatchCache::start_over(bool keep_definitions) {
  const MutexLock lock(mutex_);
  const auto anew = [now = Clock::now()](WatchLine& line) {
    line.end.request_stop();
    line.end = std::stop_source();
    ++line.request;
    line.feed.start_over(now);
  };
  if (definitions_ && !keep_definitions) anew(*definitions_);
  live_ = {};
  for (auto& [key, line] : lines_) {
    anew(*line);
    for (const auto& [name, object] : line->feed.objects()) apply_change(live_, {nullptr, object});
  }
}

Clock::time_point WatchCache::next_due() const {
  const MutexLock lock(mutex_);
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

void WatchCache::start_due(const std::stop_token& stop) {
  std::vector<Start> starts;
  {
    const MutexLock lock(mutex_);
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
  for (const auto& what : starts)
    if (!stop.stop_requested()) start(what);
}

void WatchCache::start(const Start& what) {
  const auto& [line, phase, request] = what;
  const auto ctx = ctx_.with_stop(line->end.get_token());
  // To get ready for the request may take long: a credential plugin that hangs would keep us from ending.
  const std::stop_callback end_it_too(end_.get_token(), [end = line->end]() mutable { end.request_stop(); });
  const auto send = [mail = mail_, line, request](auto arrived) {
    return mail->put({line, request, std::move(arrived)});
  };
  Call call;
  std::chrono::seconds server_time{};
  Duration idle{};
  {
    const MutexLock lock(mutex_);
    // Of a type that nobody uses, and that has no objects, there is nothing to miss for long.
    const bool is_quiet =
        line != definitions_ && line->feed.objects().empty() && !is_used(line->feed.resource().group_resource());
    const auto longest = is_quiet ? std::max(options_.watch_time, kQuietWatch) : options_.watch_time;
    server_time = std::chrono::duration_cast<std::chrono::seconds>(longest * (1 - jitter() / 2));
    idle = server_time + options_.idle_slack;
    if (line->feed.sends_bookmarks()) idle = std::min(idle, options_.bookmark_silence);
    call = phase == Feed::Phase::listing ? line->feed.list_call() : line->feed.watch_call(server_time);
  }
  if (phase == Feed::Phase::listing)
    return client_.start(
        ctx, call, [send](Result<http::ClientResponse> answer) { send(WatchMessage::Listed{std::move(answer)}); });
  client_.start_stream(
      ctx, call, [send](std::string_view bytes) { return send(WatchMessage::Bytes{std::string(bytes)}); }, idle,
      [send](Result<http::ClientResponse> answer) { send(WatchMessage::Ended{std::move(answer)}); });
}

void WatchCache::handle(WatchMessage message) {
  std::vector<Change> changes;
  bool definitions_changed = false;
  bool unauthorized = false;
  bool went_back = false;
  bool of_definitions = false;
  {
    const MutexLock lock(mutex_);
    if (message.request != message.line->request) return;
    auto& feed = message.line->feed;
    const Feed::Arrival at{Clock::now(), jitter()};
    if (const auto* bytes = std::get_if<WatchMessage::Bytes>(&message.what))
      changes = feed.received(bytes->bytes);
    else if (std::holds_alternative<WatchMessage::Overrun>(message.what))
      feed.overrun();
    else if (const auto* listed = std::get_if<WatchMessage::Listed>(&message.what))
      changes = feed.listed(listed->answer, at);
    else
      feed.ended(std::get<WatchMessage::Ended>(message.what).answer, at);
    apply(changes);
    unauthorized = feed.take_unauthorized();
    went_back = feed.take_went_back();
    if (feed.is_lost()) {
      message.line->end.request_stop();
      message.line->end = std::stop_source();
      ++message.line->request;
      feed.given_up(at);
    }
    of_definitions = message.line == definitions_;
    definitions_changed = of_definitions && feed.take_noticed();
    tell_trouble(*message.line);
  }
  if (went_back) {
    ctx_.log(
        {{"warning", "the API server has gone back to an older state, as after a restore; looking at everything anew"},
         {"noticed", message.line->feed.label()}});
    start_over(/*keep_definitions=*/of_definitions);
    if (options_.on_restored) options_.on_restored();
  }
  listed_.notify_all();
  if (unauthorized) client_.forget_credentials();
  if (definitions_changed) options_.on_definitions_change();
  if (!options_.on_change) return;
  for (const auto& change : changes) options_.on_change(change);
}

void WatchCache::tell_trouble(WatchLine& line) {
  const bool unwatchable = line.feed.is_unwatchable();
  if (unwatchable && !line.told_unwatchable)
    ctx_.log({{"warning", "fluxd may list this type of resource but not watch it, so changes are noticed late"},
              {"resource", line.feed.label()},
              {"listed-every", format_duration(options_.recheck)},
              {"help", "Give fluxd's service account the right to watch what it may list."}});
  line.told_unwatchable = unwatchable;
  const auto& error = line.feed.error();
  // One failure passes before anybody could read of it.
  if (!error.empty() && line.feed.failures() < 2) return;
  if (line.logged == !error.empty()) return;
  line.logged = !error.empty();
  // All types have the same trouble when the server is away: a few of them say enough.
  auto troubled = std::ranges::count_if(lines_, [](const auto& entry) { return entry.second->logged; });
  if (definitions_ && definitions_->logged) ++troubled;
  if (!line.logged && troubled == 0) ctx_.log({{"info", "watching the cluster again"}});
  if (line.logged && troubled <= kToldOfEach) ctx_.log({{"warning", "cannot watch the cluster"}, {"err", error}});
  if (line.logged && troubled == kToldOfEach + 1)
    ctx_.log({{"warning", "nor can further types of resource be watched"}, {"one-of-them", line.feed.label()}});
}

double WatchCache::jitter() { return std::uniform_real_distribution<>(0, 1)(random_); }

}  // namespace flux::cluster
