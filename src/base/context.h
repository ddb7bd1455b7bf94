#pragma once

#include <optional>
#include <stop_token>
#include <utility>

#include "base/duration.h"
#include "base/log.h"
#include "base/result.h"

namespace flux {

class Bounded;

/// Carried downwards as the first argument of everything that can block: when to give up (stop request, deadline) and
/// under which name to log. A value type, any thread.
class Context {
 public:
  Context() = default;  ///< never stops, no deadline, logs nothing
  explicit Context(std::stop_token stop, Log log_to = {}) : log(std::move(log_to)), stop_(std::move(stop)) {}

  /// The nearer of this deadline and `timeout` from now.
  [[nodiscard]] Bounded with_timeout(Duration timeout) const;
  [[nodiscard]] Context with_log(Log log_to) const;
  /// Stops with `stop` instead; deadline and log stay. For work that must outlive or precede its caller's stop.
  [[nodiscard]] Context with_stop(std::stop_token stop) const;

  [[nodiscard]] bool stopped() const { return stop_.stop_requested(); }
  [[nodiscard]] bool expired() const { return deadline_ && Clock::now() >= *deadline_; }
  [[nodiscard]] bool done() const { return stopped() || expired(); }
  [[nodiscard]] std::optional<Clock::time_point> deadline() const { return deadline_; }
  [[nodiscard]] const std::stop_token& stop_token() const { return stop_; }

  /// A `cancelled` error when done: `context canceled` or `context deadline exceeded`, as users of Flux grep for.
  [[nodiscard]] Result<void> check() const;

  /// Waits; false when the context ended first.
  bool sleep(Duration duration) const;

  Log log;

 private:
  std::stop_token stop_;
  std::optional<Clock::time_point> deadline_;
};

/// A context that is sure to end. Whatever talks to git, to a server or to a child process takes one, so that a call
/// without a deadline does not compile. Context::with_timeout() is the only way to get one.
class Bounded : public Context {
 public:
  [[nodiscard]] Bounded with_log(Log log_to) const { return Bounded(Context::with_log(std::move(log_to))); }
  [[nodiscard]] Bounded with_stop(std::stop_token stop) const { return Bounded(Context::with_stop(std::move(stop))); }

 private:
  friend class Context;
  explicit Bounded(Context context) : Context(std::move(context)) {}
};

}  // namespace flux
