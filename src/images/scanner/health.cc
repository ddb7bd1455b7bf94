#include "images/scanner/health.h"

namespace flux::images {

ImageHealth health_of(const Record& record) {
  ImageHealth health;
  health.tags = record.repository.tags.size();
  health.last_success = record.repository.last_update;
  health.error = record.repository.last_error;
  for (const auto& [tag, state] : record.states) {
    if (state.error.empty()) continue;
    if (health.failing_tag_count++ < ImageHealth::kMostTags) health.failing_tags.push_back({tag, state.error});
  }
  return health;
}

}  // namespace flux::images
