#pragma once

#include <prometheus/metric_family.h>

#include <filesystem>
#include <vector>

namespace flux::metrics {

/// The `process_*` families that Prometheus clients share: CPU time, memory, descriptors, start. `proc` is /proc, or a
/// copy of it in tests. What cannot be read is left out.
[[nodiscard]] std::vector<prometheus::MetricFamily> process_families(const std::filesystem::path& proc);

}  // namespace flux::metrics
