#include "cluster/batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <vector>

#include "base/guarded.h"
#include "cluster/retry.h"

namespace flux::cluster {
namespace {

using Answer = Result<http::ClientResponse>;

constexpr std::size_t kMostTaken = 3 * 1024 * 1024;  // the API server's limit of a body

/// Answers on their way from the transport's thread to the caller's.
class Inbox {
 public:
  void put(std::size_t index, Answer answer) {
    {
      const MutexLock lock(mutex_);
      answers_.emplace_back(index, std::move(answer));
    }
    arrived_.notify_one();
  }
  /// What has arrived, after waiting for something until `until`.
  std::deque<std::pair<std::size_t, Answer>> take(std::optional<Clock::time_point> until) {
    MutexLock lock(mutex_);
    const auto some = [this]() REQUIRES(mutex_) { return !answers_.empty(); };
    if (until)
      arrived_.wait_until(lock, *until, some);
    else
      arrived_.wait(lock, some);
    return std::exchange(answers_, {});
  }
  /// Waits for a retry that is due at `until`; false when something arrived or the context ended first.
  bool idle(const Bounded& ctx, Clock::time_point until) {
    MutexLock lock(mutex_);
    if (const auto deadline = ctx.deadline()) until = std::min(until, *deadline);
    arrived_.wait_until(lock, ctx.stop_token(), until, [this]() REQUIRES(mutex_) { return !answers_.empty(); });
    return answers_.empty();
  }

 private:
  Mutex mutex_;
  std::condition_variable_any arrived_;
  std::deque<std::pair<std::size_t, Answer>> answers_ GUARDED_BY(mutex_);
};

/// How many requests may be in flight: the full number until the server says that it is too much, then half as many and
/// slowly more again.
class Window {
 public:
  explicit Window(int full) : full_(std::max(1, full)), size_(full_) {}
  [[nodiscard]] bool admits(std::size_t in_flight) const { return static_cast<double>(in_flight) < size_; }
  void refused() {
    const auto now = Clock::now();
    if (now - cut_at_ < std::chrono::milliseconds(100)) return;  // one wave of refusals is one refusal
    cut_at_ = now;
    size_ = std::max(1.0, std::floor(size_ / 2));
  }
  void accepted() { size_ = std::min<double>(full_, size_ + 1 / size_); }

 private:
  int full_;
  double size_;
  Clock::time_point cut_at_{};
};

class Batch {
 public:
  Batch(const Bounded& ctx, Session& session, const ClientOptions& options, const Client::Answered& done)
      : ctx_(ctx),
        session_(session),
        options_(options),
        rules_{options.attempts, options.first_backoff, options.max_backoff, options.max_retry_after},
        done_(done),
        window_(options.concurrency),
        random_(static_cast<std::minstd_rand::result_type>(Clock::now().time_since_epoch().count())) {}

  void run(std::size_t count, const std::function<Call(std::size_t)>& make) {
    std::size_t next = 0;
    while (next < count || !jobs_.empty()) {
      if (ctx_.done()) give_up_waiting();
      send_due();
      for (; next < count && window_.admits(in_flight_) && !ctx_.done(); ++next) {
        jobs_[next].call = make(next);
        send(next);
      }
      if (ctx_.done() && in_flight_ == 0) {
        for (; next < count; ++next) done_(next, ApiFailure(stopped("not sent")));
        give_up_waiting();
        continue;
      }
      collect();
    }
  }

 private:
  struct Job {
    Call call;
    Secret authorization;  // of the latest attempt
    int attempt = 0;
    bool reauthorized = false;
  };

  [[nodiscard]] const std::string& what(const Call& call) const { return call.what.empty() ? call.path : call.what; }
  [[nodiscard]] std::string url_of(const Call& call) const { return session_.config().server + call.path; }
  [[nodiscard]] ApiError stopped(std::string_view about) const {
    const auto ended = ctx_.check();
    return no_answer(ended ? Error{ErrorKind::cancelled, "context canceled", {}} : ended.error(), about);
  }

  void finish(std::size_t index, ApiResult<http::ClientResponse> outcome) {
    jobs_.erase(index);
    done_(index, std::move(outcome));
  }

  void send(std::size_t index) {
    auto& job = jobs_.at(index);
    ++job.attempt;
    auto prepared = session_.prepare(ctx_, job.call);
    if (!prepared) return finish(index, ApiFailure(no_answer(prepared.error(), what(job.call))));
    job.authorization = prepared->request.authorization;
    ++in_flight_;
    prepared->transport->start(ctx_.with_timeout(options_.request_timeout), std::move(prepared->request),
                               [inbox = inbox_, index](Answer answer) { inbox->put(index, std::move(answer)); });
  }

  void send_due() {
    const auto now = Clock::now();
    while (!waiting_.empty() && waiting_.begin()->first <= now && window_.admits(in_flight_) && !ctx_.done()) {
      const auto index = waiting_.begin()->second;
      waiting_.erase(waiting_.begin());
      send(index);
    }
  }

  void give_up_waiting() {
    for (const auto& [due, index] : std::exchange(waiting_, {})) {
      auto error = stopped(what(jobs_.at(index).call));
      finish(index, ApiFailure(std::move(error)));
    }
  }

  // In-flight requests end with the context by themselves, so only a pure wait for a retry has to watch for its end.
  void collect() {
    const bool retry_next = !waiting_.empty() && window_.admits(in_flight_);
    if (in_flight_ == 0) {
      if (waiting_.empty()) return;
      inbox_->idle(ctx_, waiting_.begin()->first);
      return;
    }
    for (auto& [index, answer] : inbox_->take(retry_next ? std::optional(waiting_.begin()->first) : std::nullopt)) {
      --in_flight_;
      judge(index, std::move(answer));
    }
  }

  void judge(std::size_t index, Answer answer) {
    auto& job = jobs_.at(index);
    if (answer && answer->status == 429) window_.refused();
    if (answer && answer->status < 400) {
      window_.accepted();
      if (answer->cut)
        return finish(index, ApiFailure(too_long(what(job.call), url_of(job.call), job.call.max_answer)));
      return finish(index, std::move(*answer));
    }
    if (ctx_.done()) return finish(index, ApiFailure(stopped(what(job.call))));
    if (answer && answer->status == 401 && !std::exchange(job.reauthorized, true)) {
      session_.forget(job.authorization);
      waiting_.emplace(Clock::now(), index);
      return;
    }
    const double jitter = std::uniform_real_distribution<>(0, 1)(random_);
    if (const auto wait = retry_wait(rules_, job.attempt, answer, job.call.retry_conflict, jitter)) {
      waiting_.emplace(Clock::now() + *wait, index);
      return;
    }
    auto error = answer ? decode_status(answer->status, answer->body, what(job.call)) : unanswered(answer.error(), job);
    finish(index, ApiFailure(std::move(error)));
  }

  // The end of a single request's time is the server's failure, not the end of our context.
  [[nodiscard]] ApiError unanswered(Error error, const Job& job) const {
    if (error.kind == ErrorKind::cancelled) {
      error.kind = ErrorKind::server;
      error.message =
          "no answer from " + session_.config().server + " within " + format_duration(options_.request_timeout);
    }
    // An API server closes the connection in the middle of what is too large for it.
    if (job.call.body.size() > kMostTaken) {
      error.message = fmt::format("the object is {:.1f} MB, which is more than an API server takes: {}",
                                  static_cast<double>(job.call.body.size()) / 1e6, error.message);
      error.help = "An API server takes 3 MB, and etcd usually 1.5 MB, for one object: split it.";
    }
    return no_answer(std::move(error), what(job.call));
  }

  const Bounded& ctx_;
  Session& session_;
  const ClientOptions& options_;
  const RetryRules rules_;
  const Client::Answered& done_;
  Window window_;
  std::minstd_rand random_;
  std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
  std::size_t in_flight_ = 0;
  std::map<std::size_t, Job> jobs_;                        // in flight or waiting
  std::multimap<Clock::time_point, std::size_t> waiting_;  // by the time of their next attempt
};

}  // namespace

void run_batch(const Bounded& ctx, Session& session, const ClientOptions& options, std::size_t count,
               const std::function<Call(std::size_t)>& make, const Client::Answered& done) {
  Batch(ctx, session, options, done).run(count, make);
}

}  // namespace flux::cluster
