#pragma once

#include <deque>
#include <string>

#include "base/bell.h"
#include "base/guarded.h"
#include "base/worker.h"
#include "sandbox/objects.h"

namespace flux::sandbox {

/// What a cluster does by itself, on one thread that reacts to changes: workloads come up, dependents of deleted owners
/// and contents of deleted namespaces and definitions go.
class Controllers {
 public:
  Controllers(Store& store, Kinds& kinds, Objects& objects) : store_(store), kinds_(kinds), objects_(objects) {}
  Controllers(const Controllers&) = delete;
  Controllers& operator=(const Controllers&) = delete;
  ~Controllers();

  /// What every cluster has from the beginning: namespaces, a node, the `kubernetes` service.
  void populate();
  /// A server error when there is no thread for them. A change that cannot be dealt with is logged, and the next one
  /// is.
  Result<void> start(const Log& log);
  /// To be told of every change, in order; does not block.
  void notice(const Place& place, const Change& change);

 private:
  void run(const Context& ctx);
  bool work_off_one();
  void reconcile(const Place& place);
  void collect_garbage(const Object& deleted);
  void end_namespace(const ObjectPtr& object);
  void end_definition(const ObjectPtr& object);
  void release_dependents(const Place& place, const ObjectPtr& object);
  void finish_service_account(const Place& place);
  [[nodiscard]] KindPtr kind_of(const Place& place) const;
  void erase_all(const std::vector<Place>& places);
  void drop_finalizer(const Place& place, const char* finalizer);

  Store& store_;
  Kinds& kinds_;
  Objects& objects_;
  Mutex mutex_;
  std::deque<Place> changed_ GUARDED_BY(mutex_);
  std::set<Place> queued_ GUARDED_BY(mutex_);  ///< the same places
  std::deque<ObjectPtr> deleted_ GUARDED_BY(mutex_);
  Bell bell_;
  Worker thread_;
};

}  // namespace flux::sandbox
