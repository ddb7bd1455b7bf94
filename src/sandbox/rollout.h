#pragma once

#include "sandbox/objects.h"

namespace flux::sandbox {

/// Simulates the controllers of workloads and the kubelet: each call brings one object a step closer to what its spec
/// says, by writing dependents and status as those would. Nothing runs. One thread.
class Rollout {
 public:
  Rollout(Store& store, Kinds& kinds, Objects& objects) : store_(store), kinds_(kinds), objects_(objects) {}

  /// Returns false for kinds that need nothing.
  bool advance(const Place& place, const ObjectPtr& object);

 private:
  void deployment(const Place& place, const ObjectPtr& object);
  void replica_set(const Place& place, const ObjectPtr& object);
  void stateful_set(const Place& place, const ObjectPtr& object);
  void daemon_set(const Place& place, const ObjectPtr& object);
  void job(const Place& place, const ObjectPtr& object);
  void pod(const Place& place, const ObjectPtr& object);

  [[nodiscard]] std::vector<ObjectPtr> owned(const Place& place, const ObjectPtr& object, const char* collection) const;
  void set_status(const Place& place, const ObjectPtr& object, Json status);
  void make(const char* group, const char* plural, const Place& owner, Json body);
  void erase(const Place& place);
  [[nodiscard]] Target target(const char* group, const char* plural, const std::string& space,
                              const std::string& name) const;

  Store& store_;
  Kinds& kinds_;
  Objects& objects_;
};

}  // namespace flux::sandbox
