#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/secret.h"
#include "http/message.h"

namespace flux::http {

struct ClientRequest {
  std::string method = "GET";
  std::string url{};
  Headers headers{};       ///< never credentials
  Secret authorization{};  ///< value of the Authorization header; empty: none
  std::string body{};
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

/// What holds for every connection of one client. Key material is PEM text, so that nothing has to be put in files.
struct ClientOptions {
  std::string ca_pem{};  ///< trust only these; empty: SSL_CERT_FILE, SSL_CERT_DIR, the system's authorities
  std::string client_cert_pem{};
  Secret client_key_pem{};
  bool insecure_skip_verify = false;
  std::string server_name{};  ///< for verification, when it is not the URL's host
  std::string proxy{};        ///< URL; empty: HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment (also lower case)
  std::string user_agent{};
  std::size_t max_body = std::size_t{256} << 20;  ///< a longer answer is an error
  Duration connect_timeout = std::chrono::seconds(10);
};

/// An HTTP client: one thread drives all transfers (curl's multi interface), HTTP/2 where the server has it, many
/// requests in flight over few connections. Any thread may call; a call blocks its caller only.
/// A status of 400 or more is an answer, not an error; errors are transport failures (server) and the end of the
/// context (cancelled). No error names a secret.
class Client {
 public:
  static Result<std::unique_ptr<Client>> make(ClientOptions options);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();  ///< ends what is in flight as cancelled

  Result<ClientResponse> send(const Bounded& ctx, ClientRequest request);

  /// Starts a request and returns at once. `done` is called exactly once, on the client's thread (or on the caller's
  /// when the client cannot take it), and must not block or call back into the client synchronously.
  using Done = std::function<void(Result<ClientResponse>)>;
  void start(const Bounded& ctx, ClientRequest request, Done done);

  /// Starts a request whose response does not end by itself, such as a watch, and returns at once; it costs no thread.
  /// `on_data` gets bytes as they come, on the client's thread, one call at a time and none after `done`; it must not
  /// block, and returning false ends the stream. A response with a status of 400 or more is not streamed but given to
  /// `done` whole. `done` is called as by start(), with the end of the stream: normally when the server closes it,
  /// `cancelled` within milliseconds of a stop, server error when nothing came for `idle_timeout` or the connection
  /// broke.
  using OnData = std::function<bool(std::string_view)>;
  void start_stream(const Context& ctx, ClientRequest request, OnData on_data, Duration idle_timeout, Done done);

 private:
  Client();
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace flux::http
