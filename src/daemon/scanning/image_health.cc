#include "daemon/scanning/image_health.h"

#include <utility>

namespace flux::daemon {
namespace {

/// Never empty: a label that is empty is none.
std::string source_of(const images::ImageHealth& health) {
  return health.credentials.empty() ? "anonymous" : health.credentials;
}

double seconds_of(Timestamp time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

api::ImageHealth one_to_api(images::ImageHealth health) {
  api::ImageHealth out{.image = health.image,
                       .credentials = source_of(health),
                       .tags = static_cast<std::int64_t>(health.tags),
                       .last_success = health.last_success,
                       .next_refresh = health.next_refresh,
                       .error = std::move(health.error),
                       .help = std::move(health.help),
                       .failing_since = health.failing_since,
                       .failing_tag_count = static_cast<std::int64_t>(health.failing_tag_count)};
  for (auto& tag : health.failing_tags) out.failing_tags.push_back({std::move(tag.tag), std::move(tag.error)});
  return out;
}

}  // namespace

std::vector<api::ImageHealth> to_api(std::vector<images::ImageHealth> health) {
  std::vector<api::ImageHealth> out;
  out.reserve(health.size());
  for (auto& one : health) out.push_back(one_to_api(std::move(one)));
  return out;
}

void show(const std::vector<images::ImageHealth>& health, metrics::Metrics& metrics) {
  using One = std::vector<metrics::SnapshotGauge<1>::Series>;
  One last_success;
  One next_refresh;
  One failing;
  One failing_tags;
  std::vector<metrics::SnapshotGauge<2>::Series> credentials;
  for (const auto& one : health) {
    if (one.last_success) last_success.push_back({{one.image}, seconds_of(*one.last_success)});
    if (one.next_refresh) next_refresh.push_back({{one.image}, seconds_of(*one.next_refresh)});
    failing.push_back({{one.image}, one.error.empty() ? 0.0 : 1.0});
    failing_tags.push_back({{one.image}, static_cast<double>(one.failing_tag_count)});
    credentials.push_back({{one.image, source_of(one)}, 1});
  }
  metrics.image_last_success.replace(std::move(last_success));
  metrics.image_next_refresh.replace(std::move(next_refresh));
  metrics.image_failing.replace(std::move(failing));
  metrics.image_failing_tags.replace(std::move(failing_tags));
  metrics.image_credentials.replace(std::move(credentials));
}

}  // namespace flux::daemon
