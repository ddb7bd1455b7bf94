#include "cluster/transport.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace flux::cluster {
namespace {

class HttpTransport : public Transport {
 public:
  explicit HttpTransport(std::unique_ptr<http::Client> client) : client_(std::move(client)) {}

  void start(const Bounded& ctx, http::ClientRequest request, Done done) override {
    client_->start(ctx, std::move(request), std::move(done));
  }

  // http::Client streams block their caller, so each has a thread; a watch lives for minutes. It ends with the caller's
  // context or with this transport, whichever comes first.
  void start_stream(const Context& ctx, http::ClientRequest request, OnData on_data, Duration idle_timeout,
                    Done done) override {
    auto finished = std::make_shared<std::atomic<bool>>(false);
    std::stop_source end;
    auto body = [this, ctx, request = std::move(request), on_data = std::move(on_data), idle_timeout,
                 done = std::move(done), finished, end]() mutable {
      const std::stop_callback link(ctx.stop_token(), [&end] { end.request_stop(); });
      done(client_->stream(ctx.with_stop(end.get_token()), std::move(request), std::move(on_data), idle_timeout));
      *finished = true;
    };
    const std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](const Stream& stream) { return stream.finished->load(); });
    streams_.push_back(Stream{finished, end, std::jthread(std::move(body))});
  }

  ~HttpTransport() override {
    for (auto& stream : streams_) stream.end.request_stop();
  }

 private:
  struct Stream {
    std::shared_ptr<std::atomic<bool>> finished;
    std::stop_source end;
    std::jthread thread;
  };
  std::unique_ptr<http::Client> client_;
  std::mutex mutex_;
  std::vector<Stream> streams_;  // after client_: joined before it goes
};

}  // namespace

Result<std::shared_ptr<Transport>> connect_http(http::ClientOptions options) {
  auto client = http::Client::make(std::move(options));
  if (!client) return Failure(client.error());
  return std::make_shared<HttpTransport>(std::move(*client));
}

}  // namespace flux::cluster
