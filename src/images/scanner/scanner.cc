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
  for (int i = 0; i < options_.threads; ++i) {
    auto worker = Worker::start({.name = "scanner", .doing = "scanning registries", .log = log_},
                                [this, i, stop = ctx.stop_token()](const Context& own) {
                                  std::stop_source either;
                                  const auto end = [&either] { either.request_stop(); };
                                  const std::stop_callback with_us(own.stop_token(), end);
                                  const std::stop_callback with_them(stop, end);
                                  run(own.with_stop(either.get_token()), i == 0);
                                });
    if (!worker) return Failure(worker.error());
    workers_.push_back(std::move(*worker));
  }
  return {};
}

void Scanner::prioritize(const ImageRef& image) {
  const auto name = image.canonical().name();
  bool used = false;
  with_queue([&](ScanQueue& queue) { used = queue.prioritize(name, Clock::now()); });
  if (used) log_({{"priority", name}});
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

void Scanner::run(const Context& ctx, bool collects) {
  while (!ctx.stopped()) {
    const auto work = take(ctx, collects);
    if (!work) {
      if (collects && !ctx.stopped()) collect(ctx);
      continue;
    }
    ScanQueue::End end{.failed = true};
    // What was taken has to be given back, also when it throws, or nobody would ever ask that host again.
    struct GiveBack {
      Scanner& scanner;
      const ScanQueue::Work& work;
      const ScanQueue::End& end;
      ~GiveBack() {
        scanner.with_queue([&](ScanQueue& queue) { queue.done(work, end, Clock::now()); });
      }
    } const give_back{*this, *work, end};
    end = carry_out(ctx, *work);
  }
}

/// Waits for work. Nothing when the context has ended, or when it is time to collect.
std::optional<ScanQueue::Work> Scanner::take(const Context& ctx, bool collects) {
  MutexLock lock(mutex_);
  while (!ctx.stopped()) {
    const auto now = Clock::now();
    if (collects && collect_at_ <= now) return std::nullopt;
    if (auto work = queue_.next(now)) return work;
    auto wake = queue_.next_time().value_or(now + kCollectInterval);
    if (collects) wake = std::min(wake, collect_at_);
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
  ScanOptions scanning;
  scanning.platforms = options_.registry.platforms;
  scanning.at_once = options_.burst;
  auto stored = parts_.store.read(ctx.with_timeout(kStoreTimeout), name);
  if (!stored) {
    log_({{"err", stored.error()}, {"image", name}});
    return {.failed = true, .health = ImageHealth{.error = "reading the image cache: " + stored.error().message}};
  }
  auto record = std::move(*stored).value_or(Record());

  ScanQueue::End end;
  bool changed = false;
  std::string help;
  const Requests requests(parts_.send, options_.registry, limits_, log_, image.domain);
  auto session =
      RegistrySession::open(ctx.with_timeout(scanning.list_timeout), requests, hosts_, image, work.target.credential);
  if (!session) {
    const auto told = record.repository.last_error;
    record.repository.last_error = "requesting tags: " + session.error().error.message;
    if (told != record.repository.last_error) log_({{"image", name}, {"err", session.error().error}});
    help = session.error().error.help;
    end = {.failed = true, .limited = session.error().limited()};
  } else if (work.what == ScanQueue::What::list) {
    const auto told = record.repository.last_error;
    const auto listed = scan_tags(ctx.with_timeout(scanning.list_timeout), **session, scanning, record, parts_.observe);
    if (!listed && told != record.repository.last_error) log_({{"image", name}, {"err", listed.error().error}});
    if (!listed) help = listed.error().error.help;
    changed = listed && *listed;
    end = {.failed = !listed, .limited = !listed && listed.error().limited()};
  } else {
    const auto scanned = scan_due(ctx.with_log(log_), **session, work.target, scanning, record, parts_.observe);
    changed = scanned.changed;
    end = {.limited = scanned.limited, .more = scanned.more || scanned.limited};
    if (!scanned.limited && !scanned.more && scanned.successful == scanned.attempted) limits_.went_well(image.domain);
  }
  // Where nobody lets us in, the next list comes first.
  const auto now = wall_clock();
  if (const auto next = next_due(record, now); session && next) {
    if (work.what == ScanQueue::What::list && *next <= now)
      end.more = true;
    else if (!end.more)
      end.next_tag = until(*next, now);
  }
  end.health = health_of(record);
  end.health->help = std::move(help);
  if (ctx.stopped() && !changed) return end;
  if (auto ok = parts_.store.write(ctx.with_stop({}).with_timeout(kStoreTimeout), name, record); !ok)
    log_({{"err", ok.error()}, {"image", name}});
  return end;
}

}  // namespace flux::images
