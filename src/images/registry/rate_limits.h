#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/context.h"
#include "base/guarded.h"

namespace flux::images {

/// One registry host's share of our requests: a token bucket that shrinks when the host complains, and a pause that it
/// may ask for (compat/daemon.md 6.7). Pure: the time is given.
class Bucket {
 public:
  Bucket(double rate, double burst) : rate_(rate), most_(rate), burst_(burst), tokens_(burst) {}

  /// Takes a token, from the future if need be: how long to wait before it may be used. What is `urgent` does not wait
  /// for those who took theirs before, as long as that is no more than a burst beyond them; it heeds a pause like all.
  Duration take(Clock::time_point now, bool urgent = false);
  /// The host answered 429, and perhaps said how long to leave it alone. True when the rate is lower now than before.
  bool complained(Clock::time_point now, std::optional<Duration> pause);
  /// A whole scan went well. True when the rate is higher now than before.
  bool went_well(Clock::time_point now);
  /// Nothing may be asked before; in the past: anything may.
  [[nodiscard]] Clock::time_point paused_until() const { return paused_until_; }
  void pause(Clock::time_point until);
  [[nodiscard]] double rate() const { return rate_; }

 private:
  double rate_;  // a second
  double most_;  // as it was set
  double burst_;
  double tokens_;                             // less than 0: taken in advance
  std::optional<Clock::time_point> counted_;  // when tokens_ was right
  std::optional<Clock::time_point> lowered_;
  Clock::time_point paused_until_{};
};

/// The buckets of all hosts. Any thread.
class RateLimits {
 public:
  /// `rate` requests a second and `burst` at once, for each host: --registry-rps and --registry-burst.
  RateLimits(double rate, double burst, Log log) : rate_(rate), burst_(burst), log_(std::move(log)) {}

  /// Waits for the next request's turn. A user error when the host wants to be left alone for longer than the context
  /// lasts; cancelled when it ends.
  Result<void> wait(const Bounded& ctx, const std::string& host, bool urgent = false);
  void complained(const std::string& host, std::optional<Duration> pause);
  /// Its quota is used up, as it says itself, until then.
  void pause(const std::string& host, Duration pause);
  void went_well(const std::string& host);

 private:
  Bucket& bucket(const std::string& host) REQUIRES(mutex_);

  const double rate_;
  const double burst_;
  const Log log_;
  Mutex mutex_;
  std::map<std::string, Bucket> buckets_ GUARDED_BY(mutex_);
};

/// The value of Retry-After: seconds or a date, at least a second and at most an hour. Nothing when it is neither.
[[nodiscard]] std::optional<Duration> retry_after(const std::optional<std::string>& value,
                                                  std::chrono::system_clock::time_point now);

}  // namespace flux::images
