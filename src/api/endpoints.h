#pragma once

#include "api/negotiation.h"
#include "api/routes.h"
#include "api/service.h"
#include "http/server.h"

namespace flux::api {

/// A request that was routed, on its way to the service.
struct Call {
  const Context& ctx;
  Service& service;
  const http::ServerRequest& request;
  ErrorBody errors;  ///< what the client understands
};

/// Reads the request, asks the service and writes its answer (compat/api.md 3).
[[nodiscard]] http::ServerResponse answer(const Call& call, Endpoint endpoint);

}  // namespace flux::api
