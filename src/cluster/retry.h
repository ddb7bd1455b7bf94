#pragma once

#include <optional>

#include "base/duration.h"
#include "base/result.h"
#include "http/client.h"

namespace flux::cluster {

struct RetryRules {
  int attempts = 6;  ///< the first included
  Duration first_backoff = std::chrono::milliseconds(100);
  Duration max_backoff = std::chrono::seconds(5);
  Duration max_retry_after = std::chrono::seconds(3);
};

/// How long to wait before attempt number `attempt + 1`, or nullopt when `answer` to attempt number `attempt` (from 1)
/// is final. Tried again: no answer at all, 429, 502, 503, 504, 500 (twice at most), and 409 if `conflict_too`. A
/// Retry-After in seconds is obeyed, and final when it is longer than `max_retry_after`; else the wait doubles each
/// time and is cut by up to a half by `jitter`, from 0 to 1.
[[nodiscard]] std::optional<Duration> retry_wait(const RetryRules& rules, int attempt,
                                                 const Result<http::ClientResponse>& answer, bool conflict_too,
                                                 double jitter);

/// `first`, doubled with each failure (from 1) up to `max`, cut by up to a half by `jitter`, from 0 to 1.
[[nodiscard]] Duration backoff(Duration first, Duration max, int failures, double jitter);

}  // namespace flux::cluster
