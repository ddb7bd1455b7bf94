#include "http/client.h"

#include <future>

#include "http/client_loop.h"
#include "http/client_settings.h"

namespace flux::http {

Client::Client() = default;
Client::~Client() = default;

Result<std::unique_ptr<Client>> Client::make(ClientOptions options) {
  auto settings = make_settings(std::move(options));
  if (!settings) return Failure(settings.error());
  auto multi = make_multi();
  if (!multi) return wrap(multi.error(), "starting an HTTP client");
  std::unique_ptr<Client> client(new Client);
  client->loop_ = std::make_unique<ClientLoop>(std::move(*settings), std::move(*multi));
  if (auto ok = client->loop_->start(); !ok) return Failure(ok.error());
  return client;
}

void Client::start(const Bounded& ctx, ClientRequest request, Done done) {
  auto transfer = Transfer::make(ctx, std::move(request));
  if (!transfer) return done(Failure(transfer.error()));
  (*transfer)->done = std::move(done);
  loop_->submit(std::move(*transfer));
}

Result<ClientResponse> Client::send(const Bounded& ctx, ClientRequest request) {
  // Shared: we may be gone before set_value() has returned.
  const auto promise = std::make_shared<std::promise<Result<ClientResponse>>>();
  start(ctx, std::move(request), [promise](Result<ClientResponse> answer) { promise->set_value(std::move(answer)); });
  return promise->get_future().get();
}

void Client::start_stream(const Context& ctx, ClientRequest request, OnData on_data, Duration idle_timeout, Done done) {
  auto transfer = Transfer::make(ctx, std::move(request));
  if (!transfer) return done(Failure(transfer.error()));
  (*transfer)->on_data = std::move(on_data);
  (*transfer)->idle_timeout = idle_timeout;
  (*transfer)->done = std::move(done);
  loop_->submit(std::move(*transfer));
}

}  // namespace flux::http
