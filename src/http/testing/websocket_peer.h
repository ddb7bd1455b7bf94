#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/testing/peer.h"

namespace flux::http::testing {

/// The server's end of a WebSocket, spoken by Boost.Beast: another implementation than ours.
class ServerSocket {
 public:
  virtual ~ServerSocket() = default;
  /// The next message; nullopt after a close or the end.
  virtual std::optional<std::string> read() = 0;
  virtual void write(const std::string& message) = 0;
  /// In frames of `size` bytes.
  virtual void write_in_parts(const std::string& message, std::size_t size) = 0;
  virtual void ping(const std::string& payload) = 0;
  virtual void close(unsigned status, const std::string& reason) = 0;
  /// The status that the client closed with.
  [[nodiscard]] virtual unsigned close_status() const = 0;
  [[nodiscard]] virtual int pongs() const = 0;
};

/// A script for a Peer that accepts a WebSocket and hands it to `conversation` with the request's header. `protocol` is
/// chosen whatever the client offers; empty: none.
Peer::Script accept_websocket(std::string protocol,
                              std::function<void(ServerSocket&, const std::string& request)> conversation);

}  // namespace flux::http::testing
