#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "api/service.h"
#include "base/duration.h"
#include "base/secret.h"
#include "http/server.h"

namespace flux::api {

/// One request that was answered. `route` is the name of the endpoint in Flux v1 (`SyncStatus`), `other` for everything
/// else; `method` is one of HTTP's usual methods or `other`, so that neither grows without bounds.
struct Answered {
  std::string_view method;
  std::string_view route;
  int status = 0;
  Duration took{};
};

struct HandlerOptions {
  /// Serve `/metrics` here as well; false when it has a listener of its own (`--listen-metrics`).
  bool metrics = true;
  /// When set, requests below /api/flux need it (see authorization.h) or get 401; except GET identity.pub, which probes
  /// use. Without TLS the token can be read on its way.
  Secret token{};
  /// Told of every request below /api/flux, on the thread that handled it. May be empty.
  std::function<void(const Answered&)> observe{};
};

/// Everything on `--listen`: the API below `/api/flux/`, `/metrics`, and our own `/livez`, `/healthz` and `/readyz`
/// (200, or 503 with the reason as text). `service` must outlive the handler. Statuses, bodies and redirects:
/// compat/api.md 1 to 3.
[[nodiscard]] http::Handler api_handler(Service& service, HandlerOptions options);

/// Everything on `--listen-metrics`: `/metrics` only.
[[nodiscard]] http::Handler metrics_handler(Service& service);

}  // namespace flux::api
