#pragma once

#include <vector>

#include "api/wire/image_health.h"
#include "images/scanner/health.h"
#include "metrics/metrics.h"

namespace flux::daemon {

/// As the API tells it. Pure.
[[nodiscard]] std::vector<api::ImageHealth> to_api(std::vector<images::ImageHealth> health);

/// Has the metrics tell of these images, and of no others.
void show(const std::vector<images::ImageHealth>& health, metrics::Metrics& metrics);

}  // namespace flux::daemon
