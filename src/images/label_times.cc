#include "images/label_times.h"

#include <algorithm>

#include "model/glob.h"

namespace flux::images {

void take_times_from_labels(Repository& repository, const std::string& name, const std::vector<std::string>& globs) {
  if (std::ranges::none_of(globs, [&](const auto& glob) { return glob_match(glob, name); })) return;
  for (auto& [tag, info] : repository.images) {
    if (info.image_created)
      info.created_at = info.image_created;
    else if (info.build_date)
      info.created_at = info.build_date;
  }
}

}  // namespace flux::images
