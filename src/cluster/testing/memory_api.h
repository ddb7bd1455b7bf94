#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "cluster/catalog.h"
#include "cluster/transport.h"

namespace flux::cluster::testing {

/// An API server in memory, for tests of who changes a cluster: discovery, lists, watches, get, server-side apply and
/// delete with preconditions, without a network. It knows one field manager: an apply replaces what was there, and the
/// object's managedFields say that all of it is ours. A label selector selects the objects that have our mark, whatever
/// it says. Any thread.
class MemoryApi : public Transport {
 public:
  using Request = http::ClientRequest;
  using Answer = Result<http::ClientResponse>;

  MemoryApi();  ///< serves ConfigMaps, Namespaces, Deployments and CustomResourceDefinitions
  explicit MemoryApi(std::vector<Resource> served) : served_(std::move(served)) {}

  /// What answers instead of the server, where it answers at all.
  void intercept(std::function<std::optional<Answer>(const Request&)> instead);
  void serve(const Resource& resource);
  /// What somebody else does: `path` is that of the object, below the server's address.
  void put(const std::string& path, const Json& object);
  void remove(const std::string& path);

  /// nullopt when there is none.
  [[nodiscard]] std::optional<Json> object(const std::string& path) const;
  [[nodiscard]] std::vector<std::string> paths() const;
  /// `PATCH /api/v1/namespaces/shop/configmaps/a`, without query: everything that changes something, in its order.
  /// Those that were answered by intercept(), too.
  [[nodiscard]] std::vector<std::string> writes() const;
  /// The same of the requests that read, with query.
  [[nodiscard]] std::vector<std::string> reads() const;
  void forget_requests();
  /// Waits until as many writes as named have been answered since the last forget_requests(); false after a minute.
  [[nodiscard]] bool wait_for_writes(std::size_t count) const;

  void start(const Bounded& ctx, Request request, Done done) override;
  void start_stream(const Context& ctx, Request request, OnData on_data, Duration idle_timeout, Done done) override;

 private:
  struct Place {
    Resource resource;
    std::string ns;
    std::string name;  ///< empty: the collection
  };
  struct Event {
    std::uint64_t version;
    std::string type;
    std::string group_resource;
    Json object;
  };
  struct Stream {
    Place place;
    bool marked_only;
    OnData send;
    std::stop_token stop;
  };

  Answer answer(const Request& request);
  Answer discovery(bool core) const;
  Answer list(const Place& place, bool marked_only) const;
  Answer apply(const std::string& path, const Place& place, const std::string& body);
  Answer remove_as_asked(const std::string& path, const std::string& body);
  void store(const std::string& path, const Place& place, Json object);
  void erase(const std::string& path);
  void emit(Event event);
  [[nodiscard]] std::optional<Place> find_place(const std::string& path) const;

  mutable std::mutex mutex_;  ///< guards what follows
  std::vector<Resource> served_;
  std::function<std::optional<Answer>(const Request&)> instead_;
  std::map<std::string, Json> objects_;  ///< by path
  std::vector<Event> history_;
  std::vector<Stream> streams_;
  std::vector<std::string> writes_;
  std::size_t answered_writes_ = 0;
  mutable std::condition_variable written_;
  std::vector<std::string> reads_;
  std::uint64_t version_ = 100;
};

inline const Resource kNamespaces{{"v1", "Namespace"}, "namespaces", false, true, true, true, true};
inline const Resource kDefinitions{{"apiextensions.k8s.io/v1", "CustomResourceDefinition"},
                                   "customresourcedefinitions",
                                   false,
                                   true,
                                   true,
                                   true,
                                   true};

}  // namespace flux::cluster::testing
