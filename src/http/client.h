#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/secret.h"
#include "http/message.h"
#include "http/tls_profile.h"

namespace flux::http {

/// Which redirects a request follows. What is left of the way, with every address on it, still has to end with the
/// request's context.
///
/// Another scheme, host or port does not learn the credentials: Authorization, a signature, our certificate and the
/// server name that was set for TLS.
struct RedirectPolicy {
  int limit = 0;                ///< so many, one more is an error; 0: none, a redirect is an answer
  bool allow_plain = false;     ///< from https to http; otherwise that is an error
  bool authorize_host = false;  ///< credentials go to other ports of the same host too, and from http to https
  /// 301 and 302 repeat a POST as it was; otherwise it becomes a GET without body, as in browsers. 303 always makes a
  /// GET, 307 and 308 never do.
  bool keep_method = false;
};

/// Who signs a request to Amazon's services (Signature Version 4).
struct AwsSigner {
  std::string region;
  std::string service;
  std::string key_id;
  Secret key;
  Secret session_token{};  ///< of temporary keys
};

struct ClientRequest {
  std::string method = "GET";
  std::string url{};
  Headers headers{};                  ///< never credentials
  Secret authorization{};             ///< value of the Authorization header; empty: none
  std::optional<AwsSigner> signer{};  ///< makes the Authorization header; never together with `authorization`
  std::string body{};
  RedirectPolicy redirects{};
  std::shared_ptr<const TlsProfile> tls{};  ///< in place of the client's own; none: the client's
  std::optional<std::size_t> max_body{};    ///< as that of ClientOptions; the smaller one counts
  bool may_cut = false;                     ///< a longer answer is given as far as it goes, instead of an error
};

/// As much of the body of an answer of 400 or more is kept: enough for any explanation.
inline constexpr std::size_t kMaxErrorBody = std::size_t{64} << 10;

struct ClientResponse {
  int status = 0;
  Headers headers{};
  std::string body{};
  std::string url{};  ///< that answered, behind all redirects; may hold a signature or a password: not for logs
  bool cut = false;   ///< the body goes on where this one ends
};

/// What holds for every request of one client.
struct ClientOptions {
  TlsOptions tls{};
  std::string proxy{};  ///< URL; empty: HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment (also lower case)
  std::string user_agent{};
  std::size_t max_body = std::size_t{256} << 20;  ///< a longer answer is an error
  Duration connect_timeout = std::chrono::seconds(10);
  Log log{};  ///< for failures of the client itself, which are nobody's request
};

class ClientLoop;

/// An HTTP client: one thread drives all transfers (curl's multi interface), HTTP/2 where the server has it, many
/// requests in flight over few connections. Any thread may call; a call blocks its caller only.
/// A status of 400 or more is an answer, not an error, with a body of kMaxErrorBody at most; errors are transport
/// failures (server) and the end of the context (cancelled). No error names a secret.
class Client {
 public:
  static Result<std::unique_ptr<Client>> make(ClientOptions options);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();  ///< ends what is in flight as cancelled; on none of the client's own threads

  Result<ClientResponse> send(const Bounded& ctx, ClientRequest request);

  /// Starts a request and returns at once. `done` is called exactly once, on the client's thread (or on the caller's
  /// when the client cannot take it, or on that of the destructor), and must not block or call back into the client
  /// synchronously. Should it throw, everything in flight ends as a server error and the client begins anew.
  using Done = std::function<void(Result<ClientResponse>)>;
  void start(const Bounded& ctx, ClientRequest request, Done done);

  /// Starts a request whose response does not end by itself, such as a watch, and returns at once; it costs no thread.
  /// `on_data` gets bytes as they come, on the client's thread, one call at a time and none after `done`; it must not
  /// block; returning false ends the stream, an exception breaks it. A response with a status of 400 or more is not
  /// streamed but given to `done` whole. `done` is called as by start(), with the end of the stream: normally when the
  /// server closes it, `cancelled` within milliseconds of a stop, server error when nothing came for `idle_timeout` or
  /// the connection broke.
  using OnData = std::function<bool(std::string_view)>;
  void start_stream(const Context& ctx, ClientRequest request, OnData on_data, Duration idle_timeout, Done done);

 private:
  Client();
  std::unique_ptr<ClientLoop> loop_;
};

}  // namespace flux::http
