#include "images/scanner/scanner.h"

#include <fmt/format.h>

#include <random>
#include <utility>

#include "images/scanner/scan_plan.h"

namespace flux::images {
namespace {

constexpr Duration kCollectInterval = std::chrono::minutes(1);
constexpr Duration kSoon = std::chrono::seconds(1);  // workloads rarely change alone
constexpr Duration kCollectTimeout = std::chrono::minutes(1);
constexpr Duration kSessionTimeout = std::chrono::minutes(1);
constexpr Duration kStoreTimeout = std::chrono::seconds(10);

/// Not at once: what has just been asked for in vain, and is due all the same, may wait for a moment.
Duration until(Timestamp time, Timestamp now) {
  return std::max(std::chrono::duration_cast<Duration>(time - now), Duration(std::chrono::seconds(1)));
}

}  // namespace

Scanner::Scanner(ScannerOptions options, ScannerParts parts, Log log)
    : options_(std::move(options)),
      parts_(std::move(parts)),
      log_(std::move(log)),
      limits_(options_.rps, static_cast<double>(options_.burst), log_),
      queue_(std::random_device{}()) {}

Scanner::~Scanner() {
  for (auto& worker : workers_) worker.request_stop();
}

Result<void> Scanner::start(const Context& ctx) {
  for (int i = 0; i <= options_.threads; ++i) {
    const auto role = i == 0 ? Role::collects : i < options_.threads ? Role::scans : Role::urgent;
    auto worker = Worker::start({.name = "scanner", .doing = "scanning registries", .log = log_},
                                [this, role, stop = ctx.stop_token()](const Context& own) {
                                  std::stop_source either;
                                  const auto end = [&either] { either.request_stop(); };
                                  const std::stop_callback with_us(own.stop_token(), end);
                                  const std::stop_callback with_them(stop, end);
                                  run(own.with_stop(either.get_token()), role);
                                });
    if (!worker) return Failure(worker.error());
    workers_.push_back(std::move(*worker));
  }
  return {};
}

bool Scanner::prioritize(const ImageRef& image) {
  const auto canonical = image.canonical();
  const auto name = canonical.name();
  bool used = false;
  std::vector<std::stop_source> in_the_way;
  {
    const MutexLock lock(mutex_);
    used = queue_.prioritize(name, canonical.tag, Clock::now());
    for (const auto& [work, stop] : under_way_)
      if (work->target.image.name() == name && queue_.in_the_way(*work)) in_the_way.push_back(stop);
    ++news_;
  }
  changed_.notify_all();
  for (auto& stop : in_the_way) stop.request_stop();
  if (used && canonical.tag.empty()) log_({{"priority", name}});
  if (used && !canonical.tag.empty()) log_({{"priority", name}, {"tag", canonical.tag}});
  return used;
}

void Scanner::collect_soon() {
  {
    const MutexLock lock(mutex_);
    collect_at_ = std::min(collect_at_, Clock::now() + kSoon);
    ++news_;
  }
  changed_.notify_all();
}

std::vector<ImageHealth> Scanner::health() const {
  const MutexLock lock(mutex_);
  return queue_.health(Clock::now(), wall_clock());
}

void Scanner::run(const Context& ctx, Role role) {
  while (!ctx.stopped()) {
    const auto work = take(ctx, role);
    if (!work) {
      if (role == Role::collects && !ctx.stopped()) collect(ctx);
      continue;
    }
    ScanQueue::End end{.failed = true};
    std::stop_source cut;
    const std::stop_callback with_us(ctx.stop_token(), [&cut] { cut.request_stop(); });
    // What was taken has to be given back, also when it throws, or nobody would ever ask that host again.
    struct GiveBack {
      Scanner& scanner;
      const ScanQueue::Work& work;
      const ScanQueue::End& end;
      ~GiveBack() { scanner.give_back(work, end); }
    } const give_back{*this, *work, end};
    begin(*work, cut);
    end = carry_out(ctx.with_stop(cut.get_token()), *work);
    end.cut_short = cut.stop_requested() && !ctx.stopped();
    end.more = end.more || end.cut_short;
  }
}

void Scanner::begin(const ScanQueue::Work& work, std::stop_source stop) {
  const MutexLock lock(mutex_);
  // It may have got in the way since it was taken.
  if (queue_.in_the_way(work)) stop.request_stop();
  under_way_.emplace(&work, std::move(stop));
}

void Scanner::give_back(const ScanQueue::Work& work, const ScanQueue::End& end) {
  {
    const MutexLock lock(mutex_);
    under_way_.erase(&work);
    queue_.done(work, end, Clock::now());
    ++news_;
  }
  changed_.notify_all();
}

/// Waits for work. Nothing when the context has ended, or when it is time to collect.
std::optional<ScanQueue::Work> Scanner::take(const Context& ctx, Role role) {
  const auto which = role == Role::urgent ? ScanQueue::Which::urgent : ScanQueue::Which::any;
  MutexLock lock(mutex_);
  while (!ctx.stopped()) {
    const auto now = Clock::now();
    if (role == Role::collects && collect_at_ <= now) return std::nullopt;
    if (auto work = queue_.next(now, which)) return work;
    auto wake = queue_.next_time(which).value_or(now + kCollectInterval);
    if (role == Role::collects) wake = std::min(wake, collect_at_);
    changed_.wait_until(lock, ctx.stop_token(), wake,
                        [this, seen = news_]() REQUIRES(mutex_) { return news_ != seen; });
  }
  return std::nullopt;
}

void Scanner::collect(const Context& ctx) {
  auto targets = parts_.collect(ctx.with_timeout(kCollectTimeout));
  const auto said = targets ? std::string() : targets.error().message;
  if (!targets && said != collect_error_) log_({{"err", targets.error()}, {"doing", "collecting the images in use"}});
  collect_error_ = said;
  {
    const MutexLock lock(mutex_);
    collect_at_ = Clock::now() + kCollectInterval;
  }
  if (targets) with_queue([&](ScanQueue& queue) { queue.set_targets(std::move(*targets)); });
}

ScanQueue::End Scanner::carry_out(const Context& ctx, const ScanQueue::Work& work) {
  const auto& image = work.target.image;
  const auto name = image.name();
  auto stored = parts_.store.read(ctx.with_timeout(kStoreTimeout), name);
  if (!stored) {
    if (!ctx.stopped()) log_({{"err", stored.error()}, {"image", name}});
    return {.failed = true, .health = ImageHealth{.error = "reading the image cache: " + stored.error().message}};
  }
  auto record = std::move(*stored).value_or(Record());
  const auto told = record.repository.last_error;

  ScanQueue::End end;
  Findings findings;
  const Requests requests(parts_.send, options_.registry, limits_, log_, image.domain, work.urgent);
  auto session =
      RegistrySession::open(ctx.with_timeout(kSessionTimeout), requests, hosts_, image, work.target.credential);
  if (session) {
    end = scan(ctx, work, **session, record, findings);
  } else {
    // That it was ended is no news of the registry.
    if (!ctx.stopped()) record.repository.last_error = "requesting tags: " + session.error().error.message;
    if (told != record.repository.last_error) log_({{"image", name}, {"err", session.error().error}});
    findings.help = session.error().error.help;
    end = {.failed = true, .limited = session.error().limited()};
  }
  // Where nobody lets us in, the next list comes first.
  const auto now = wall_clock();
  if (const auto next = next_due(record, now, interest_of(work.target)); session && next) {
    end.awaited = next->awaited;
    if (work.what != ScanQueue::What::tags && next->at <= now)
      end.more = true;
    else if (!end.more)
      end.next_tag = until(next->at, now);
  }
  end.health = health_of(record);
  end.health->help = std::move(findings.help);
  if (ctx.stopped() && !findings.changed) return end;
  if (auto ok = parts_.store.write(ctx.with_stop({}).with_timeout(kStoreTimeout), name, record); !ok)
    log_({{"err", ok.error()}, {"image", name}});
  if (findings.changed && parts_.on_change) parts_.on_change();
  return end;
}

ScanQueue::End Scanner::scan(const Context& ctx, const ScanQueue::Work& work, RegistrySession& session, Record& record,
                             Findings& findings) {
  const auto& image = work.target.image;
  ScanOptions scanning;
  scanning.platforms = options_.registry.platforms;
  scanning.at_once = options_.burst;
  const auto scan_ctx = ctx.with_log(log_);
  // A record without a list would make the one tag that was named the newest.
  const bool named = work.what == ScanQueue::What::named && record.repository.last_update;
  if (work.what == ScanQueue::What::tags || named) {
    const auto scanned = named
                             ? scan_named(scan_ctx, session, work.target, work.named, scanning, record, parts_.observe)
                             : scan_due(scan_ctx, session, work.target, scanning, record, parts_.observe);
    findings.changed = scanned.changed;
    if (!scanned.limited && !scanned.more && scanned.successful == scanned.attempted) limits_.went_well(image.domain);
    return {.limited = scanned.limited, .more = scanned.more || scanned.limited};
  }
  const auto told = record.repository.last_error;
  const auto listed = scan_tags(ctx.with_timeout(scanning.list_timeout), session, scanning, record, parts_.observe);
  if (!listed && ctx.stopped()) record.repository.last_error = told;
  if (!listed && told != record.repository.last_error) log_({{"image", image.name()}, {"err", listed.error().error}});
  findings.changed = listed && *listed;
  if (!listed) {
    findings.help = listed.error().error.help;
    return {.failed = true, .limited = listed.error().limited()};
  }
  if (work.urgent) {
    // Somebody waits for what is new: the first few of it go with the list.
    scanning.most_tags = scanning.at_once;
    const auto scanned = work.what == ScanQueue::What::named
                             ? scan_named(scan_ctx, session, work.target, work.named, scanning, record, parts_.observe)
                             : scan_due(scan_ctx, session, work.target, scanning, record, parts_.observe);
    findings.changed = findings.changed || scanned.changed;
    return {.limited = scanned.limited};
  }
  return {};
}

}  // namespace flux::images
