#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/log.h"
#include "model/manifest.h"
#include "sync/plan.h"

namespace flux::daemon {

/// A filter of image tags in a manifest that is not valid, and so lets nothing through
/// (compat/manifests-and-releases.md 7, where Flux v1 lets everything through).
struct InvalidFilter {
  std::string container;   ///< that it is for, whether or not there is one of that name
  std::string annotation;  ///< as the manifest writes it
  std::string filter;
  std::string problem;  ///< TagPattern::problem()
  friend bool operator==(const InvalidFilter&, const InvalidFilter&) = default;
};

/// Ordered by container. Pure.
[[nodiscard]] std::vector<InvalidFilter> invalid_filters(const Manifest& manifest);

/// For the detail of a workload: what is wrong, and with what effect. Empty when `filter` is valid. Pure.
[[nodiscard]] std::string filter_problem(const Policies& policies, const std::string& container);

/// Knows the invalid filters in git, and logs each once: again only when it is another one, or has been gone meanwhile.
/// One thread.
class InvalidFilters {
 public:
  /// Costs what has changed since the last call.
  void follow(const sync::DesiredSet& git, const Log& log);
  [[nodiscard]] std::size_t count() const;

 private:
  sync::DesiredSet seen_;
  std::map<ResourceId, std::vector<InvalidFilter>> invalid_;
};

}  // namespace flux::daemon
