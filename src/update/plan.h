#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "images/repository.h"
#include "manifests/workloads/container.h"
#include "model/policy.h"
#include "model/update_result.h"
#include "model/update_spec.h"

/// What a release does to which workload, and why not to the others (compat/manifests-and-releases.md 10). Pure.
namespace flux::update {

/// A workload as a commit has it.
struct WorkloadInGit {
  Policies policies;
  std::vector<manifests::Container> containers;
};

/// A workload as it runs.
struct RunningWorkload {
  bool ignored = false;                          ///< annotated so in the cluster
  std::vector<manifests::Container> containers;  ///< none: why_no_containers
  std::string why_no_containers;
};

/// What a plan is made of.
struct Facts {
  std::map<ResourceId, WorkloadInGit> git;
  std::map<ResourceId, RunningWorkload> cluster;  ///< those that fluxd may see and touch
  /// What is known of an image's repository; nothing: it was not scanned yet. Good as long as the facts.
  std::function<const images::Repository*(const ImageRef& image)> images;
  bool scanning = true;          ///< false: no image can be known
  bool never_downgrade = false;  ///< of all workloads: --automation-never-downgrade
};

/// What becomes of each workload. Of those that succeed, `target` is what the file is to have.
/// A user error fails the whole job.
Result<UpdateResult> plan_release(const ReleaseImageSpec& spec, const Facts& facts);
/// As above; what is known of the workloads of a job that fails so is in `result` all the same.
Result<void> plan_release(const ReleaseContainersSpec& spec, const Facts& facts, UpdateResult& result);
/// What the automation found may be out of date by now: nothing is left to do then, which is no error.
UpdateResult plan_release(const AutomatedSpec& spec, const Facts& facts);

}  // namespace flux::update
