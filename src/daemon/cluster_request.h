#pragma once

#include <string_view>

#include "base/duration.h"
#include "metrics/metrics.h"

namespace flux::daemon {

/// Asks the cluster, and has flux_platform_request_duration_seconds tell how long that took and whether it went well.
/// `method` is what Flux v1 calls it: `Ping`, `AllWorkloads`, `SomeWorkloads`, `Export` (and `Sync`, in sync_pass.cc);
/// one may be many requests to the API server. `ask` gives a Result.
template <class Ask>
auto cluster_request(metrics::Metrics& metrics, std::string_view method, Ask&& ask) {
  const auto began = Clock::now();
  auto answer = ask();
  metrics.platform_request.observe(Clock::now() - began, method, answer.has_value());
  return answer;
}

}  // namespace flux::daemon
