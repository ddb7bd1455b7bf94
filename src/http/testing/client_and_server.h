#pragma once

#include <fmt/format.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "http/client.h"
#include "http/server.h"

namespace flux::http::testing {

/// Throws what kept it from being made, which fails the test.
inline std::unique_ptr<Client> make_client(ClientOptions options = {}) {
  auto client = Client::make(std::move(options));
  if (!client) throw std::runtime_error(client.error().message);
  return std::move(*client);
}

/// On a free port of the loopback. Throws as make_client().
inline std::unique_ptr<Server> serve(Handler handler, ServerLimits limits = {}, Log log = {}) {
  auto server = Server::listen("127.0.0.1:0", limits, std::move(handler), std::move(log));
  if (!server) throw std::runtime_error(server.error().message);
  return std::move(*server);
}

inline std::string url_of(const Server& server, const std::string& path = "/") {
  return fmt::format("http://127.0.0.1:{}{}", server.port(), path);
}

/// For ServerResponse::stream: writes until the client is gone.
inline void tick(const Context& ctx, StreamWriter& out) {
  while (out.write("tick") && ctx.sleep(std::chrono::milliseconds(5))) {
  }
}

}  // namespace flux::http::testing
