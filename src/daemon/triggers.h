#pragma once

#include <atomic>
#include <functional>
#include <set>

#include "base/bell.h"
#include "base/guarded.h"

namespace flux::daemon {

/// What makes a loop look again. Many of a kind are one until the loop has taken them. Any thread; returns at once.
class Triggers {
 public:
  void refreshed() { pull(refreshed_); }      ///< the mirror has fetched
  void cluster_changed() { pull(changed_); }  ///< something of ours is not as we left it
  void new_kinds() { pull(changed_); }        ///< a CustomResourceDefinition came or went
  /// The cluster has gone back to an older state, so nothing that we did to it counts.
  void cluster_restored() { pull(restored_); }
  void job_queued() { bell_.ring(); }
  void automation_due() { pull(automation_); }  ///< there are new images, or workloads that want some

 private:
  friend class Loop;
  void pull(std::atomic<bool>& what) {
    what = true;
    bell_.ring();
  }

  Bell bell_;
  std::atomic<bool> refreshed_ = false;
  std::atomic<bool> changed_ = false;
  std::atomic<bool> restored_ = false;
  std::atomic<bool> automation_ = false;
};

/// The triggers of all sources, for what they share: the cluster; and of those who look at the workloads in it. Any
/// thread.
class AllTriggers {
 public:
  /// Called on the thread that hears of a changed workload, which it must not hold up; none: nobody looks.
  void tell_of_workloads(std::function<void()> listener) {
    const MutexLock lock(mutex_);
    on_workloads_ = std::move(listener);
  }
  void workloads_changed() {
    const MutexLock lock(mutex_);
    if (on_workloads_) on_workloads_();
  }
  void add(Triggers& triggers) {
    const MutexLock lock(mutex_);
    all_.insert(&triggers);
  }
  void remove(Triggers& triggers) {
    const MutexLock lock(mutex_);
    all_.erase(&triggers);
  }
  void cluster_changed() {
    const MutexLock lock(mutex_);
    for (auto* triggers : all_) triggers->cluster_changed();
  }
  void cluster_restored() {
    const MutexLock lock(mutex_);
    for (auto* triggers : all_) triggers->cluster_restored();
  }
  void new_kinds() {
    const MutexLock lock(mutex_);
    for (auto* triggers : all_) triggers->new_kinds();
  }

 private:
  Mutex mutex_;
  std::set<Triggers*> all_ GUARDED_BY(mutex_);
  std::function<void()> on_workloads_ GUARDED_BY(mutex_);
};

}  // namespace flux::daemon
