#include "cluster/transport.h"

#include <utility>

namespace flux::cluster {
namespace {

class HttpTransport : public Transport {
 public:
  explicit HttpTransport(std::unique_ptr<http::Client> client) : client_(std::move(client)) {}

  void start(const Bounded& ctx, http::ClientRequest request, Done done) override {
    client_->start(ctx, std::move(request), std::move(done));
  }
  void start_stream(const Context& ctx, http::ClientRequest request, OnData on_data, Duration idle_timeout,
                    Done done) override {
    client_->start_stream(ctx, std::move(request), std::move(on_data), idle_timeout, std::move(done));
  }

 private:
  const std::unique_ptr<http::Client> client_;
};

}  // namespace

Result<std::shared_ptr<Transport>> connect_http(http::ClientOptions options) {
  auto client = http::Client::make(std::move(options));
  if (!client) return Failure(client.error());
  return std::make_shared<HttpTransport>(std::move(*client));
}

}  // namespace flux::cluster
