#pragma once

#include <set>
#include <string>
#include <vector>

namespace flux::manifests {

/// What users should know of a file that can be read but is not sent as written. Told when a file has it for the first
/// time, not with each edit of something else.
struct Remarks {
  std::set<std::string> left_out{};     ///< fields that only a server can say (exported.h)
  std::set<std::string> passed_over{};  ///< sentences on what is no resource of a cluster
  std::vector<std::string> warnings{};  ///< sentences that name the place in the file

  friend bool operator==(const Remarks&, const Remarks&) = default;
  [[nodiscard]] bool empty() const { return left_out.empty() && passed_over.empty() && warnings.empty(); }
};

}  // namespace flux::manifests
