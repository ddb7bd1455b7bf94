#pragma once

#include <atomic>

#include "base/bell.h"

namespace flux::daemon {

/// Where others tell the loop that there is something to do; made before them all, so that nobody rings in vain. Any
/// thread; returns at once.
class Doorbell {
 public:
  void on_refreshed() { ring(refreshed_); }     ///< the mirror has fetched
  void on_cluster_change() { ring(changed_); }  ///< something of ours is not as we left it
  void on_new_kinds() { ring(changed_); }       ///< a CustomResourceDefinition came or went
  void on_job() { bell_.ring(); }               ///< a job has been queued

 private:
  friend class Loop;
  void ring(std::atomic<bool>& what) {
    what = true;
    bell_.ring();
  }

  Bell bell_;
  std::atomic<bool> refreshed_ = false;
  std::atomic<bool> changed_ = false;
};

}  // namespace flux::daemon
