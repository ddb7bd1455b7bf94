#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace flux::http {

/// Decides which transfers may be in flight: few requests to a server that needs a connection for each, many to one
/// that multiplexes. A lane is what may share connections: a server under one TLS profile. The rest waits in order.
/// Streams never wait for requests, nor are they counted as such: they would starve them.
///
/// While nothing is connected to a lane, one transfer goes ahead; what it learns about the server decides how the
/// rest follows. We do this ourselves because transfers that curl 7.88 holds back for that reason (CURLOPT_PIPEWAIT)
/// are sometimes forgotten until another one ends, which a watch never does.
///
/// One thread; no I/O.
class Admission {
 public:
  static constexpr std::size_t kParallelRequests = 8;      ///< HTTP/1.1
  static constexpr std::size_t kMultiplexedRequests = 96;  ///< HTTP/2; servers allow 100 streams or more
  static constexpr std::size_t kMultiplexedLeast = 16;     ///< beside however many streams
  static constexpr std::size_t kConnecting = 8;            ///< handshakes at once

  enum class Kind { request, stream };
  struct Entry {
    std::uint64_t id = 0;
    Kind kind = Kind::request;
  };

  void enqueue(const std::string& lane, Entry entry);
  /// The next transfer of that lane that may start, which counts as in flight from now on.
  std::optional<std::uint64_t> next(const std::string& lane);
  /// One that waited does so no longer.
  void withdraw(const std::string& lane, Entry entry);
  /// One that next() gave out has its connection. At most once for each.
  void connected(const std::string& lane, bool multiplexes);
  /// One that next() gave out is over.
  void ended(const std::string& lane, Kind kind, bool was_connected);

 private:
  struct Lane {
    std::deque<std::uint64_t> requests;  ///< waiting
    std::deque<std::uint64_t> streams;   ///< waiting
    std::size_t requests_in_flight = 0;
    std::size_t streams_in_flight = 0;
    std::size_t connected = 0;  ///< of those in flight
    bool multiplexes = false;
    bool failed = false;  ///< the last one ended without a connection

    [[nodiscard]] std::size_t connecting() const { return requests_in_flight + streams_in_flight - connected; }
    [[nodiscard]] bool may_connect() const;
    [[nodiscard]] std::size_t request_limit() const;
  };
  std::map<std::string, Lane> lanes_;
};

}  // namespace flux::http
