#include "sandbox/sandbox.h"

#include "http/server.h"
#include "sandbox/controllers.h"
#include "sandbox/service.h"

namespace flux::sandbox {

struct Sandbox::Parts {
  Parts()
      : store([this](const Place& place, const Change& change) { controllers.notice(place, change); }),
        objects(store, kinds),
        controllers(store, kinds, objects),
        service(store, kinds, objects) {}

  Kinds kinds;
  Store store;
  Objects objects;
  Controllers controllers;
  Service service;
  std::string host;
  std::unique_ptr<http::Server> server;  ///< last, so that it ends first
};

Sandbox::Sandbox() : parts_(std::make_unique<Parts>()) {}
Sandbox::~Sandbox() = default;

Result<std::unique_ptr<Sandbox>> Sandbox::start(const std::string& address, const Log& log) {
  auto out = std::unique_ptr<Sandbox>(new Sandbox());
  auto& parts = *out->parts_;
  parts.controllers.populate();
  if (auto ok = parts.controllers.start(log); !ok) return Failure(ok.error());
  http::ServerLimits limits;
  limits.body_bytes = std::size_t{64} << 20;
  auto server = http::Server::listen(
      address, limits,
      [&service = parts.service](const Context& ctx, const http::ServerRequest& request) {
        return service.handle(ctx, request);
      },
      log);
  if (!server) return Failure(server.error());
  parts.server = std::move(*server);
  parts.host = address.substr(0, address.rfind(':'));
  if (parts.host.empty() || parts.host == "0.0.0.0" || parts.host == "[::]") parts.host = "127.0.0.1";
  return out;
}

std::string Sandbox::url() const { return "http://" + parts_->host + ":" + std::to_string(parts_->server->port()); }

}  // namespace flux::sandbox
