#include "cluster/retry.h"

#include <algorithm>
#include <charconv>

namespace flux::cluster {
namespace {

constexpr int kAttempts500 = 3;

bool passing(int status) { return status == 429 || status == 500 || status == 502 || status == 503 || status == 504; }

std::optional<Duration> retry_after(const http::ClientResponse& response) {
  const auto value = response.headers.get("Retry-After");
  if (!value) return std::nullopt;
  unsigned seconds = 0;
  const auto* end = value->data() + value->size();
  const auto [stopped, error] = std::from_chars(value->data(), end, seconds);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace

Duration backoff(Duration first, Duration max, int failures, double jitter) {
  auto wait = first;
  for (int i = 1; i < failures && wait < max; ++i) wait *= 2;
  wait = std::min(wait, max);
  return wait - std::chrono::duration_cast<Duration>(wait * (jitter / 2));
}

std::optional<Duration> retry_wait(const RetryRules& rules, int attempt, const Result<http::ClientResponse>& answer,
                                   bool conflict_too, double jitter) {
  // Also how the API server says that a manifest has a field of the wrong type: no use in insisting.
  if (answer && answer->status == 500 && attempt >= kAttempts500) return std::nullopt;
  const bool again = !answer || passing(answer->status) || (conflict_too && answer->status == 409);
  if (!again || attempt >= rules.attempts) return std::nullopt;
  const auto wait = backoff(rules.first_backoff, rules.max_backoff, attempt, jitter);
  if (!answer) return wait;
  const auto asked = retry_after(*answer);
  if (!asked) return wait;
  if (*asked > rules.max_retry_after) return std::nullopt;
  return std::max(wait, *asked);
}

}  // namespace flux::cluster
