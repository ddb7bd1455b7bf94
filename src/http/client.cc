#include "http/client.h"

#include <future>

#include "http/client_loop.h"
#include "http/client_settings.h"

namespace flux::http {
namespace {

/// The promise is shared: its waiter may be gone before set_value() has returned.
std::pair<Client::Done, std::future<Result<ClientResponse>>> wait_for_one() {
  auto promise = std::make_shared<std::promise<Result<ClientResponse>>>();
  auto answer = promise->get_future();
  return {[promise](Result<ClientResponse> result) { promise->set_value(std::move(result)); }, std::move(answer)};
}

}  // namespace

Client::Client() = default;
Client::~Client() = default;

Result<std::unique_ptr<Client>> Client::make(ClientOptions options) {
  auto settings = make_settings(std::move(options));
  if (!settings) return Failure(settings.error());
  Multi multi(start_curl() ? curl_multi_init() : nullptr);
  if (!multi) return fail(ErrorKind::server, "the HTTP client cannot start: no memory or file descriptors left");
  std::unique_ptr<Client> client(new Client);
  client->loop_ = std::make_unique<Loop>(std::move(*settings), std::move(multi));
  return client;
}

void Client::start(const Bounded& ctx, ClientRequest request, Done done) {
  auto transfer = Transfer::make(ctx, std::move(request));
  if (!transfer) return done(Failure(transfer.error()));
  (*transfer)->done = std::move(done);
  loop_->submit(std::move(*transfer));
}

Result<ClientResponse> Client::send(const Bounded& ctx, ClientRequest request) {
  auto [done, answer] = wait_for_one();
  start(ctx, std::move(request), std::move(done));
  return answer.get();
}

Result<ClientResponse> Client::stream(const Context& ctx, ClientRequest request, OnData on_data,
                                      Duration idle_timeout) {
  auto transfer = Transfer::make(ctx, std::move(request));
  if (!transfer) return Failure(transfer.error());
  auto [done, answer] = wait_for_one();
  (*transfer)->on_data = std::move(on_data);
  (*transfer)->idle_timeout = idle_timeout;
  (*transfer)->done = std::move(done);
  loop_->submit(std::move(*transfer));
  return answer.get();
}

}  // namespace flux::http
