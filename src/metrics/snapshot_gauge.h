#pragma once

#include <prometheus/collectable.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/published.h"
#include "metrics/series.h"

namespace flux::metrics {

/// A gauge for things that come and go: its series are those that were told last, and no others. Any thread.
template <std::size_t kLabels>
class SnapshotGauge : public prometheus::Collectable {
 public:
  struct Series {
    std::array<std::string, kLabels> labels;
    double value = 0;
  };

  SnapshotGauge(Description of, std::array<std::string_view, kLabels> names) : of_(of), names_(names) {}

  /// Each combination of label values once.
  void replace(std::vector<Series> series) { series_.publish(std::move(series)); }

  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override {
    prometheus::MetricFamily family;
    family.name = of_.name;
    family.help = of_.help;
    family.type = prometheus::MetricType::Gauge;
    for (const auto& one : *series_.latest()) {
      auto& metric = family.metric.emplace_back();
      for (std::size_t i = 0; i < kLabels; ++i) metric.label.push_back({std::string(names_[i]), one.labels[i]});
      metric.gauge.value = one.value;
    }
    return {std::move(family)};
  }

 private:
  const Description of_;
  const std::array<std::string_view, kLabels> names_;
  Published<std::vector<Series>> series_;
};

}  // namespace flux::metrics
