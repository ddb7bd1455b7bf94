#pragma once

#include "images/choose.h"
#include "update/plan.h"

namespace flux::update {

/// Why a container of an automated workload gets nothing, although it could be that it should.
struct HeldBack {
  ResourceId workload;
  std::string container;
  images::Choice choice;  ///< with an outcome that is neither `update` nor `up_to_date`
};

struct Automation {
  AutomatedSpec spec;               ///< one change for each container that should run another image
  std::vector<HeldBack> held_back;  ///< for the log
  std::size_t workloads = 0;        ///< that are automated, and neither locked nor ignored
};

/// Whether automation looks after a workload with these policies in git.
[[nodiscard]] bool is_automated(const Policies& policies);

/// What automation would release now (compat/manifests-and-releases.md 10.9). Pure.
[[nodiscard]] Automation find_updates(const Facts& facts);

}  // namespace flux::update
