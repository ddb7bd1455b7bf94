#include "daemon/cluster_contact.h"

#include <fmt/format.h>

namespace flux::daemon {
namespace {

constexpr Duration kFresh = std::chrono::seconds(5);                // an answer that is younger is not asked for again
constexpr Duration kPatienceWithCluster = std::chrono::seconds(5);  // of one question
constexpr Duration kBelieved = std::chrono::seconds(30);            // an answer, while the next one takes its time
constexpr Duration kIdle = std::chrono::minutes(10);

/// 403 and 404 are answers of a server that is there: one without the right or the page.
std::optional<Error> trouble_of(const cluster::ApiResult<std::string>& answer) {
  if (answer || answer.error().forbidden() || answer.error().not_found()) return std::nullopt;
  Error error = answer.error();
  error.message = "the API server cannot be used: " + error.message;
  error.kind = ErrorKind::server;
  return error;
}

}  // namespace

Result<void> ClusterContact::start(const Context& ctx) {
  auto thread = Worker::start({.name = "contact", .doing = "asking whether the cluster is there", .log = ctx.log},
                              [this](const Context& own) { run(own); });
  if (!thread) return Failure(thread.error());
  thread_ = std::move(*thread);
  const MutexLock lock(mutex_);
  started_ = true;
  return {};
}

void ClusterContact::run(const Context& ctx) {
  while (!ctx.stopped()) {
    if (!asked_.wait(ctx, kIdle)) continue;
    const auto answer = client_.get(ctx.with_timeout(kPatienceWithCluster), "/readyz");
    if (ctx.stopped()) return;
    {
      const MutexLock lock(mutex_);
      contact_.error = trouble_of(answer);
      contact_.waiting.reset();
      ended_ = Clock::now();
      if (!contact_.error) contact_.answered = ended_;
    }
    told_.notify_all();
  }
}

Contact ClusterContact::ask(Duration patience) {
  MutexLock lock(mutex_);
  const auto now = Clock::now();
  if (!started_ || (ended_ && now - *ended_ < kFresh)) return contact_;
  if (!contact_.waiting) {
    contact_.waiting = now;
    asked_.ring();
  }
  told_.wait_until(lock, now + patience, [this]() REQUIRES(mutex_) { return !contact_.waiting; });
  return contact_;
}

Contact ClusterContact::last() const {
  const MutexLock lock(mutex_);
  return contact_;
}

std::optional<Error> cluster_away(const Contact& contact, Clock::time_point now) {
  if (contact.error) return contact.error;
  if (!contact.waiting || (contact.answered && now - *contact.answered <= kBelieved)) return std::nullopt;
  return Error{ErrorKind::server,
               contact.answered
                   ? fmt::format("the API server has not answered for {}",
                                 format_duration(std::chrono::floor<std::chrono::seconds>(now - *contact.answered)))
                   : "the API server does not answer",
               "See whether the control plane is well, and whether this pod can reach it."};
}

}  // namespace flux::daemon
