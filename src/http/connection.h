#pragma once

#include <memory>
#include <string>

#include "http/byte_stream.h"
#include "http/client.h"

namespace flux::http {

/// The bare connection to the server of a URL: TCP, through the proxy that a request would take, with TLS for https as
/// ClientOptions say. For protocols that HTTP/1.1 is left for. Closed by the destructor.
class Connection : public ByteStream {
 public:
  /// Errors are those of Client: what is wrong with options, name, proxy, TLS; `cancelled`.
  static Result<std::unique_ptr<Connection>> open(const Bounded& ctx, const std::string& url, ClientOptions options);
  ~Connection() override;

  Result<void> write(const Context& ctx, std::string_view bytes) override;
  void post(std::string_view bytes) override;
  Result<bool> read(const Context& ctx, std::string& to) override;

 private:
  Connection();
  struct Wire;
  std::unique_ptr<Wire> wire_;
};

}  // namespace flux::http
