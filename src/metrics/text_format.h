#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

namespace flux::metrics {

/// Prometheus' text format 0.0.4, families by name and series by labels, numbers in the shortest form that reads back
/// (`0.005`, `+Inf`), so that label matchers such as `le="0.5"` work as with Go's client.
[[nodiscard]] std::string to_text(std::vector<prometheus::MetricFamily> families);

/// A number as Go prints it: `0.1`, `1.5e+09`, `+Inf`, `NaN`.
[[nodiscard]] std::string number_text(double value);

}  // namespace flux::metrics
