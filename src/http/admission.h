#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace flux::http {

/// Decides which requests may be in flight: few to a server that needs a connection for each, many to one that
/// multiplexes. The rest waits in order. Streams are not counted, they would starve the requests. One thread; no I/O.
class Admission {
 public:
  static constexpr std::size_t kParallelConnections = 8;    ///< HTTP/1.1, or not known yet
  static constexpr std::size_t kMultiplexedRequests = 128;  ///< HTTP/2

  void enqueue(const std::string& origin, std::uint64_t id) { origins_[origin].waiting.push_back(id); }
  /// The next request of that origin that may start, which counts as in flight from now on.
  std::optional<std::uint64_t> next(const std::string& origin);
  /// A request that next() gave out is over.
  void ended(const std::string& origin);
  void learned(const std::string& origin, bool multiplexes) { origins_[origin].multiplexes = multiplexes; }

 private:
  struct Origin {
    std::deque<std::uint64_t> waiting;
    std::size_t in_flight = 0;
    bool multiplexes = false;
  };
  std::map<std::string, Origin> origins_;
};

}  // namespace flux::http
