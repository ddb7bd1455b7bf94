#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/context.h"
#include "base/result.h"
#include "http/message.h"
#include "http/tls_identity.h"

namespace flux::http {

struct ServerRequest {
  std::string method;
  std::string target;                                      ///< as received: path and query
  std::string path;                                        ///< percent-decoded, without the query
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order
  Headers headers;
  std::string body;

  [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
};

/// Sends the parts of a streamed response. False once the client is gone or the server stops.
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;
  virtual bool write(std::string_view bytes) = 0;
};

struct ServerResponse {
  int status = 200;
  Headers headers{};  ///< without Content-Length and Transfer-Encoding
  std::string body{};
  /// When set, sent chunked in place of `body`; called on a thread of its own, which may block. The context ends with
  /// the connection or the server.
  std::function<void(const Context&, StreamWriter&)> stream{};
};

struct ServerLimits {
  std::size_t header_bytes = 64 << 10;
  std::size_t body_bytes = std::size_t{16} << 20;      ///< beyond: 413, connection closed
  std::size_t connections = 1024;                      ///< beyond: accepted connections are closed at once
  Duration header_timeout = std::chrono::seconds(10);  ///< to send a whole header; also idle keep-alive x 6
  Duration body_timeout = std::chrono::seconds(60);    ///< to send the whole body, and to take the whole response
  int handler_threads = 4;                             ///< requests handled at once; slow clients hold none of them
};

/// Called on a handler thread; may block, should honour the context (ends when the client disconnects or the server
/// stops). An exception becomes a 500.
using Handler = std::function<ServerResponse(const Context&, const ServerRequest&)>;

/// An HTTP/1.1 server, over TLS 1.2 or newer when it is given an identity. Reading and writing are asynchronous on
/// one thread; only complete requests reach a handler thread, so that slow or hostile clients cannot hold one.
class Server {
 public:
  /// Binds and starts to serve. `address` is `host:port`, `:port` or `[v6]:port`; port 0 picks a free one. A name or
  /// address that cannot be bound is a user error that says which. `tls` is asked on the thread that accepts and must
  /// not block; without it the server speaks plain HTTP.
  static Result<std::unique_ptr<Server>> listen(const std::string& address, ServerLimits limits, Handler handler,
                                                Log log, TlsSource tls = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();  ///< stops accepting, ends streams, waits for handlers

  [[nodiscard]] std::uint16_t port() const;

 private:
  Server();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace flux::http
