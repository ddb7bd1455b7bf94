#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/guarded.h"
#include "sandbox/schema.h"

namespace flux::sandbox {

/// Where an object lives. `space` is empty for kinds without namespaces.
struct Place {
  std::string collection;  ///< Kind::collection()
  std::string space;
  std::string name;

  friend auto operator<=>(const Place&, const Place&) = default;
};

/// One state of an object. Never changes once it is stored, so that lists and watches share it without locks.
struct Object {
  Json body;
  std::uint64_t version = 0;

  [[nodiscard]] const Json& metadata() const;
  [[nodiscard]] std::string meta_text(const char* field) const;
  [[nodiscard]] bool deleting() const;
};
using ObjectPtr = std::shared_ptr<const Object>;

/// What happened to an object. `before` is null for a new one; after a deletion `deleted` is set and `after` is its
/// last state with the version of the deletion.
struct Change {
  ObjectPtr before;
  ObjectPtr after;
  bool deleted = false;
};

/// All objects in memory, under one lock that is held only to exchange pointers. Any thread.
/// One counter numbers every change, as etcd's revision does.
class Store {
 public:
  /// How many changes of one collection a watch may lag behind before it has to list anew.
  static constexpr std::size_t log_length = 4096;
  /// Called under the lock, in the order of the changes; must be quick and not call back.
  using Listener = std::function<void(const Place&, const Change&)>;

  explicit Store(Listener listener = {}) : listener_(std::move(listener)) {}
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  [[nodiscard]] ObjectPtr get(const Place& place) const;
  [[nodiscard]] std::uint64_t version() const;

  /// Stores `body` under a new version if the object is still `expected` (null: does not exist). Null when it is not.
  ObjectPtr put(const Place& place, const ObjectPtr& expected, Json body);
  /// The last state, or null when the object is not `expected` any more.
  ObjectPtr remove(const Place& place, const ObjectPtr& expected);

  struct Listing {
    std::vector<ObjectPtr> objects;  ///< ordered by namespace and name
    std::uint64_t version = 0;
    bool more = false;
  };
  /// The objects of a collection after `after`, in one namespace unless `space` is empty; at most `limit` (0: all) of
  /// those that `fits` accepts.
  [[nodiscard]] Listing list(const std::string& collection, const std::string& space,
                             const std::function<bool(const Object&)>& fits = {}, std::size_t limit = 0,
                             const std::pair<std::string, std::string>& after = {}) const;

  /// Changes of a collection after `version`; waits up to `timeout` for the first. Nothing: the log does not reach back
  /// so far. `version` is moved on.
  [[nodiscard]] std::optional<std::vector<Change>> changes(const Context& ctx, const std::string& collection,
                                                           std::uint64_t& version, Duration timeout);

  /// Objects that name `uid` as an owner.
  [[nodiscard]] std::vector<Place> owned_by(const std::string& uid) const;
  /// Every object in a namespace.
  [[nodiscard]] std::vector<Place> within(const std::string& space) const;

 private:
  using Key = std::pair<std::string, std::string>;
  struct Collection {
    std::map<Key, ObjectPtr> objects;
    std::deque<Change> log;
    std::uint64_t forgotten = 0;  ///< the last version that fell out of the log
    std::condition_variable_any changed;
  };

  Collection& collection(const std::string& name) const REQUIRES(mutex_);
  void record(const Place& place, Collection& in, Change change) REQUIRES(mutex_);
  void index(const Place& place, const Object* object, bool add) REQUIRES(mutex_);

  mutable Mutex mutex_;
  mutable std::map<std::string, Collection> collections_ GUARDED_BY(mutex_);
  std::map<std::string, std::set<Place>> owned_ GUARDED_BY(mutex_);
  std::uint64_t version_ GUARDED_BY(mutex_) = 0;
  Listener listener_ GUARDED_BY(mutex_);
};

}  // namespace flux::sandbox
