#pragma once

#include "http/server.h"
#include "sandbox/objects.h"
#include "sandbox/view.h"

namespace flux::sandbox {

/// Turns HTTP requests into operations on objects, and their outcomes into responses. Any thread.
class Service {
 public:
  Service(Store& store, Kinds& kinds, Objects& objects) : store_(store), kinds_(kinds), objects_(objects) {}

  [[nodiscard]] http::ServerResponse handle(const Context& ctx, const http::ServerRequest& request);

 private:
  using Response = http::ServerResponse;
  using Request = http::ServerRequest;

  [[nodiscard]] std::optional<Response> plain(const Request& request) const;
  [[nodiscard]] Answer<Target> target_of(const std::string& path) const;
  Response on_collection(const Target& target, const Request& request);
  Response on_object(const Target& target, const Request& request);
  Response on_scale(const Target& target, const Request& request);
  Response on_finalize(const Target& target, const Request& request);
  Response list(const Target& target, const Request& request) const;
  Response watch(const Target& target, const Request& request) const;
  Response change(const Target& target, const Request& request);
  Answer<Written> patched(const Target& target, const Request& request);
  Response erase(const Target& target, const Request& request);
  Response erase_collection(const Target& target, const Request& request);

  Store& store_;
  Kinds& kinds_;
  Objects& objects_;
};

}  // namespace flux::sandbox
