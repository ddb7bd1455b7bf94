#include "images/workload_pattern.h"

namespace flux::images {

TagPattern workload_pattern(const Policies& policies, const std::string& container) {
  const auto found = policies.find("tag." + container);
  return found == policies.end() ? TagPattern() : TagPattern(found->second);
}

}  // namespace flux::images
