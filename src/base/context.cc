#include "base/context.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace flux {
namespace {

/// Flags take any duration, so the sum may lie beyond the clock's end.
Clock::time_point after(Duration duration) {
  const auto now = Clock::now();
  if (duration > Clock::time_point::max() - now) return Clock::time_point::max();
  if (duration < Duration::zero()) return now;
  return now + duration;
}

}  // namespace

Bounded Context::with_timeout(Duration timeout) const {
  auto nearer = *this;
  const auto deadline = after(timeout);
  nearer.deadline_ = deadline_ ? std::min(*deadline_, deadline) : deadline;
  return Bounded(std::move(nearer));
}

Context Context::with_log(Log log_to) const {
  auto copy = *this;
  copy.log = std::move(log_to);
  return copy;
}

Context Context::with_stop(std::stop_token stop) const {
  auto copy = *this;
  copy.stop_ = std::move(stop);
  return copy;
}

Result<void> Context::check() const {
  if (stopped()) return fail(ErrorKind::cancelled, "context canceled");
  if (expired()) return fail(ErrorKind::cancelled, "context deadline exceeded");
  return {};
}

bool Context::sleep(Duration duration) const {
  auto until = after(duration);
  if (deadline_) until = std::min(until, *deadline_);
  std::mutex mutex;
  std::condition_variable_any stopped_early;
  std::unique_lock lock(mutex);
  stopped_early.wait_until(lock, stop_, until, [] { return false; });
  return !done();
}

}  // namespace flux
