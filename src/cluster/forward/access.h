#pragma once

#include <memory>
#include <string>

#include "base/guarded.h"
#include "cluster/client.h"
#include "cluster/session.h"
#include "http/upgrade.h"
#include "http/websocket.h"

namespace flux::cluster {

/// Asks one API server for objects and for connections into pods, as whoever the configuration says. Any thread.
class Access {
 public:
  Access(Config config, const std::string& user_agent, Duration connect_timeout, Log log);

  /// The body that answers a GET.
  ApiResult<std::string> get(const Bounded& ctx, std::string path);

  /// A WebSocket to `path` that speaks `protocol`.
  http::UpgradeResult<std::unique_ptr<http::WebSocket>> open_websocket(const Bounded& ctx, const std::string& path,
                                                                       const std::string& protocol);
  /// A connection that speaks SPDY/3.1, asked for with POST; `protocol` is what its streams mean.
  http::UpgradeResult<std::unique_ptr<http::ByteStream>> open_spdy(const Bounded& ctx, const std::string& path,
                                                                   const std::string& protocol);

 private:
  struct Way {
    std::string url;
    http::Headers headers;
    Secret authorization;
    http::ClientOptions options;
  };
  Result<Way> prepare(const Bounded& ctx, const std::string& path);
  template <class Open>
  auto authorized(const Bounded& ctx, const std::string& path, Open open) -> decltype(open(std::declval<Way>()));

  const Duration connect_timeout_;
  const Log log_;
  ClientOptions options_;
  Mutex mutex_;
  http::ClientOptions connection_ GUARDED_BY(mutex_);  ///< what the session's latest transport was made with
  Session session_;
};

/// The same error with help for whoever wants to forward a port into `ns`.
[[nodiscard]] Error explain_refusal(const ApiError& error, std::string_view ns);

}  // namespace flux::cluster
