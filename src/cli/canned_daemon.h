#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "cli/program.h"
#include "http/server.h"

namespace flux::cli {

/// For tests: a server that answers each route with what was laid out for it, and remembers what it was asked.
class CannedDaemon {
 public:
  struct Answer {
    std::string body;
    int status = 200;
    std::string content_type = "application/json; charset=UTF-8";
  };

  CannedDaemon() {
    auto server = http::Server::listen(
        "127.0.0.1:0", {}, [this](const Context&, const http::ServerRequest& request) { return answer(request); }, {});
    EXPECT_TRUE(server);
    if (server) server_ = *std::move(server);
  }

  /// Adds an answer for `METHOD PATH`. They are given in turn; the last one stays.
  CannedDaemon& on(const std::string& route, Answer answer) {
    answers_[route].push_back(std::move(answer));
    return *this;
  }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  /// `METHOD TARGET BODY`, in order.
  [[nodiscard]] std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  http::ServerResponse answer(const http::ServerRequest& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request.method + " " + request.target + (request.body.empty() ? "" : " " + request.body));
    const auto found = answers_.find(request.method + " " + request.path);
    if (found == answers_.end()) return {.status = 404, .body = "nothing was laid out for this"};
    auto& answers = found->second;
    const auto next = answers.front();
    if (answers.size() > 1) answers.pop_front();
    return {.status = next.status, .headers = {{"Content-Type", next.content_type}}, .body = next.body};
  }

  std::mutex mutex_;
  std::map<std::string, std::deque<Answer>> answers_;
  std::vector<std::string> requests_;
  std::unique_ptr<http::Server> server_;
};

/// What a run of fluxctl left behind.
struct Ran {
  int status = -1;
  std::string out;
  std::string err;
};

/// A run of fluxctl in a world of its own: time passes only when it is waited for, and nothing leads to a cluster.
class Attempt {
 public:
  Surroundings world{.out = out_,
                     .err = err_,
                     .terminal = "/nonexistent/tty",
                     .environment = {{"PATH", "/nonexistent"}},
                     .version = "1.2.3",
                     .kubernetes = {},
                     .open_tunnel =
                         [](const Context&, const cluster::ConfigSources&, const cluster::DaemonQuery&) {
                           return Result<std::unique_ptr<Tunnel>>(
                               fail(ErrorKind::user, "Could not load kubernetes configuration file: there is none"));
                         },
                     .now = [this] { return time_; },
                     .time = [] { return *parse_timestamp("2021-03-09T10:00:00Z"); },
                     .wait =
                         [this](const Context&, Duration duration) {
                           time_ += duration;
                           pauses.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
                           return true;
                         }};
  std::vector<std::int64_t> pauses;  ///< in milliseconds

  Ran operator()(const std::vector<std::string>& args) { return (*this)(Context(), args); }
  Ran operator()(const Context& ctx, const std::vector<std::string>& args) {
    const int status = run_fluxctl(ctx, args, world);
    return {status, out_.str(), err_.str()};
  }

 private:
  std::ostringstream out_;
  std::ostringstream err_;
  Clock::time_point time_;
};

/// fluxctl against `daemon`, with nothing else special.
inline Ran run_against(const CannedDaemon& daemon, std::vector<std::string> args) {
  args.push_back("--url=" + daemon.url());
  return Attempt()(args);
}

}  // namespace flux::cli
