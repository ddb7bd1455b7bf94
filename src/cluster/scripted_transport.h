#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cluster/client.h"
#include "cluster/transport.h"

namespace flux::cluster {

/// A transport for tests: answers what a function says, keeps what was asked, and lets the test play the server's side
/// of streams.
class ScriptedTransport : public Transport {
 public:
  using Answer = Result<http::ClientResponse>;
  /// nullopt: no answer until the request's context ends.
  using Script = std::function<std::optional<Answer>(const http::ClientRequest&)>;

  struct Stream {
    http::ClientRequest request;
    OnData send;
    Done end;
    std::stop_token stop;
  };

  explicit ScriptedTransport(Script script) : script_(std::move(script)) {}

  void start(const Bounded& ctx, http::ClientRequest request, Done done) override {
    std::optional<Answer> answer;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      answer = script_(request);
      changed_.notify_all();
    }
    if (answer) return done(std::move(*answer));
    const std::lock_guard lock(mutex_);
    silent_.emplace_back([ctx, done = std::move(done)] {
      while (ctx.sleep(std::chrono::minutes(1)));
      done(Failure(ctx.check().error()));
    });
  }

  void start_stream(const Context& ctx, http::ClientRequest request, OnData on_data, Duration, Done done) override {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    streams_.push_back({std::move(request), std::move(on_data), std::move(done), ctx.stop_token()});
    changed_.notify_all();
  }

  /// All requests so far.
  std::vector<http::ClientRequest> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  /// Stream number `index`, once it has been opened; fails the caller's expectations (nullopt) after ten seconds.
  std::optional<Stream> stream(std::size_t index) {
    std::unique_lock lock(mutex_);
    const bool there = changed_.wait_for(lock, std::chrono::seconds(10), [&] { return streams_.size() > index; });
    return there ? std::optional(streams_[index]) : std::nullopt;
  }
  void set_script(Script script) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(script);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Script script_;
  std::vector<http::ClientRequest> requests_;
  std::vector<Stream> streams_;
  std::vector<std::jthread> silent_;
};

inline Result<http::ClientResponse> respond(int status, std::string body = "{}", http::Headers headers = {}) {
  return http::ClientResponse{status, std::move(headers), std::move(body)};
}

/// A client of `transport` that retries without noticeable waits.
inline std::unique_ptr<Client> scripted_client(const std::shared_ptr<Transport>& transport,
                                               ClientOptions options = {}) {
  Config config;
  config.server = "https://api.test";
  config.token.text = Secret("t0ken");
  options.first_backoff = std::chrono::microseconds(100);
  options.max_backoff = std::chrono::milliseconds(1);
  auto client =
      Client::make(config, std::move(options),
                   [transport](http::ClientOptions) -> Result<std::shared_ptr<Transport>> { return transport; });
  return std::move(*client);
}

inline const Resource kConfigMaps{{"v1", "ConfigMap"}, "configmaps", true, true, true, true, true};
inline const Resource kDeployments{{"apps/v1", "Deployment"}, "deployments", true, true, true, true, true};

}  // namespace flux::cluster
