#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/upgrade.h"
#include "http/websocket_frames.h"

namespace flux::http {

struct WebSocketRequest {
  std::string url;                     ///< http, https, ws or wss
  Headers headers;                     ///< never credentials
  Secret authorization;                ///< value of the Authorization header; empty: none
  std::vector<std::string> protocols;  ///< sub-protocols in order of preference; the server must choose one if given
  std::size_t max_message = std::size_t{64} << 20;  ///< a longer one is an error
};

/// The client's end of a WebSocket (RFC 6455, without extensions). Any thread may send, one at a time may receive;
/// pings are answered while receiving. No thread of its own. The destructor closes without waiting for the other end.
class WebSocket {
 public:
  /// Connects as http::Client would (TLS, client certificate, proxy). A server that answers something else than the
  /// upgrade is an UpgradeError with its status and body.
  static UpgradeResult<std::unique_ptr<WebSocket>> open(const Bounded& ctx, WebSocketRequest request,
                                                        ClientOptions options);
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;
  ~WebSocket();

  /// The sub-protocol that the server chose; empty for none.
  [[nodiscard]] const std::string& protocol() const { return protocol_; }

  /// A binary message. Returns when it is handed to the system.
  Result<void> send(const Context& ctx, std::string_view message);
  /// The same without waiting: it leaves with the next send() or during a receive().
  void post(std::string_view message);

  /// The next message, text or binary; nullopt when the other end has closed with status 1000, 1001 or none, or ended
  /// the connection between two messages. Another close status is a server error that quotes its reason.
  Result<std::optional<std::string>> receive(const Context& ctx);

  /// Says goodbye; nothing can be sent any more.
  void close();

 private:
  WebSocket(std::unique_ptr<ByteStream> stream, std::string protocol, std::size_t max_message);
  Result<std::optional<std::string>> closed(const std::string& payload);

  std::unique_ptr<ByteStream> stream_;
  const std::string protocol_;
  const std::size_t max_message_;
  FrameReader reader_;
  std::string message_;  ///< what has come of it so far
  bool in_message_ = false;
  std::atomic<bool> closing_ = false;
};

/// The payloads of a WebSocket's messages as one stream of bytes; each write is a message.
[[nodiscard]] std::unique_ptr<ByteStream> as_byte_stream(std::unique_ptr<WebSocket> socket);

}  // namespace flux::http
