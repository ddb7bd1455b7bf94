#include "images/registry/rate_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "http/message.h"

namespace flux::images {
namespace {

constexpr double kLeastRate = 0.1;
constexpr double kUrgentBursts = 2;                         // one that all may take in advance, and one of its own
constexpr Duration kSlowTime = std::chrono::seconds(1200);  // after a complaint, before the rate may grow again
constexpr Duration kLongestPause = std::chrono::hours(1);

Duration seconds(double count) { return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(count)); }

}  // namespace

Duration Bucket::take(Clock::time_point now, bool urgent) {
  if (counted_ && now > *counted_)
    tokens_ = std::min(burst_, tokens_ + rate_ * std::chrono::duration<double>(now - *counted_).count());
  counted_ = counted_ ? std::max(now, *counted_) : now;
  tokens_ -= 1;
  const bool at_once = tokens_ >= (urgent ? -kUrgentBursts * burst_ : 0);
  const auto turn = at_once ? now : *counted_ + seconds(-tokens_ / rate_);
  return std::max({Duration::zero(), turn - now, paused_until_ - now});
}

bool Bucket::complained(Clock::time_point now, std::optional<Duration> asked) {
  if (asked) pause(now + *asked);
  // Many requests may be refused for one reason.
  if (lowered_ && now - *lowered_ < std::chrono::seconds(10)) return false;
  lowered_ = now;
  const auto before = std::exchange(rate_, std::max(kLeastRate, rate_ / 2));
  return rate_ < before;
}

bool Bucket::went_well(Clock::time_point now) {
  if (rate_ >= most_ || (lowered_ && now - *lowered_ < kSlowTime)) return false;
  rate_ = std::min(most_, rate_ * 1.5);
  return true;
}

void Bucket::pause(Clock::time_point until) { paused_until_ = std::max(paused_until_, until); }

Bucket& RateLimits::bucket(const std::string& host) {
  return buckets_.try_emplace(host, std::max(kLeastRate, rate_), std::max(1.0, burst_)).first->second;
}

Result<void> RateLimits::wait(const Bounded& ctx, const std::string& host, bool urgent) {
  auto pause = Duration::zero();
  {
    const MutexLock lock(mutex_);
    pause = bucket(host).take(Clock::now(), urgent);
  }
  while (pause > Duration::zero()) {
    const auto left = *ctx.deadline() - Clock::now();
    if (pause > left && !ctx.stopped())
      return fail(
          ErrorKind::server, fmt::format("{} wants to be left alone for another {}", host, format_duration(pause)),
          "The registry limits how much may be asked. Credentials often raise the limit; see also --registry-rps.");
    if (!ctx.sleep(pause)) return ctx.check();
    // It may have complained meanwhile.
    const MutexLock lock(mutex_);
    pause = bucket(host).paused_until() - Clock::now();
  }
  return {};
}

void RateLimits::complained(const std::string& host, std::optional<Duration> pause) {
  const MutexLock lock(mutex_);
  auto& one = bucket(host);
  if (!one.complained(Clock::now(), pause)) return;
  log_({{"info", "reducing rate limit"},
        {"host", host},
        {"limit", fmt::format("{:.2f}", one.rate())},
        {"pause", pause ? format_duration(*pause) : "0s"}});
}

void RateLimits::pause(const std::string& host, Duration pause) {
  const MutexLock lock(mutex_);
  bucket(host).pause(Clock::now() + pause);
}

void RateLimits::went_well(const std::string& host) {
  const MutexLock lock(mutex_);
  auto& one = bucket(host);
  if (!one.went_well(Clock::now())) return;
  log_({{"info", "increasing rate limit"}, {"host", host}, {"limit", fmt::format("{:.2f}", one.rate())}});
}

std::optional<Duration> retry_after(const std::optional<std::string>& value,
                                    std::chrono::system_clock::time_point now) {
  if (!value) return std::nullopt;
  std::int64_t count = 0;
  const auto* end = value->data() + value->size();
  const auto [stopped, error] = std::from_chars(value->data(), end, count);
  Duration pause{};
  if (stopped == end && error == std::errc::result_out_of_range) {
    pause = kLongestPause;
  } else if (stopped == end && error == std::errc()) {
    pause = std::chrono::seconds(std::clamp<std::int64_t>(count, 0, 1'000'000));
  } else {
    const auto date = http::parse_http_date(*value);
    if (!date) return std::nullopt;
    pause = *date - now;
  }
  return std::clamp<Duration>(pause, std::chrono::seconds(1), kLongestPause);
}

}  // namespace flux::images
