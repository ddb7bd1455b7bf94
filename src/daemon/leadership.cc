#include "daemon/leadership.h"

#include <algorithm>

namespace flux::daemon {
namespace {

constexpr Duration kRequest = std::chrono::seconds(10);

}  // namespace

Result<std::unique_ptr<Leadership>> Leadership::start(const Context& ctx, cluster::Client& client, Options options) {
  std::unique_ptr<Leadership> leadership(new Leadership(client, std::move(options)));
  if (leadership->options_.ns.empty()) {
    const MutexLock lock(leadership->mutex_);
    leadership->unrestricted_ = true;
    leadership->settle();
    return leadership;
  }
  auto thread = Worker::start({.name = "lease", .doing = "holding the lease", .log = ctx.log},
                              [of = leadership.get()](const Context& own) { of->compete(own); });
  if (!thread) return Failure(thread.error());
  leadership->thread_ = std::move(*thread);
  return leadership;
}

void Leadership::compete(const Context& ctx) {
  while (!ctx.stopped()) {
    step(ctx);
    const auto next = [this] {
      const MutexLock lock(mutex_);
      settle();
      return unrestricted_ ? Clock::now() + std::chrono::minutes(5) : candidacy_.next(Clock::now());
    }();
    ctx.sleep(std::max<Duration>(Duration::zero(), next - Clock::now()));
  }
}

void Leadership::step(const Context& ctx) {
  const auto request = ctx.with_timeout(kRequest);
  const auto ours = [this] {
    const MutexLock lock(mutex_);
    return candidacy_.to_renew();
  }();
  if (ours) return write(request, *ours);
  const auto found = cluster::read_lease(request, client_, options_.ns, options_.name);
  if (!found) return failed(ctx, found.error());
  std::string other;
  const auto lease = [&] {
    const MutexLock lock(mutex_);
    unrestricted_ = false;
    auto wanted = candidacy_.see(*found, Clock::now());
    other = candidacy_.other();
    return wanted;
  }();
  if (lease) return write(request, *lease);
  if (std::exchange(told_, other) != other)
    ctx.log({{"info", "another fluxd leads; waiting, and answering the API meanwhile"},
             {"lease", options_.ns + "/" + options_.name},
             {"holder", other}});
}

void Leadership::write(const Bounded& ctx, const cluster::Lease& lease) {
  auto written =
      cluster::write_lease(ctx, client_, options_.ns, options_.name, lease, std::chrono::system_clock::now());
  if (!written) return failed(ctx, written.error());
  {
    const MutexLock lock(mutex_);
    candidacy_.wrote(std::move(*written), Clock::now());
    unrestricted_ = false;
  }
  if (std::exchange(told_, options_.me) != options_.me)
    ctx.log({{"info", "this fluxd leads"}, {"lease", options_.ns + "/" + options_.name}, {"holder", options_.me}});
}

void Leadership::failed(const Context& ctx, const cluster::ApiError& error) {
  if (ctx.stopped()) return;
  // Whatever the server has against our Lease: only that it does not answer, or that another was faster, may stop us.
  const bool may_not =
      error.code >= 400 && error.code < 500 && error.code != 401 && error.code != 429 && !error.conflict();
  {
    const MutexLock lock(mutex_);
    candidacy_.failed(/*lost=*/error.conflict());
    unrestricted_ = may_not;
  }
  if (error.conflict() || std::exchange(told_, error.message) == error.message) return;
  if (may_not)
    ctx.log(
        {{"warning", "fluxd cannot use a Lease, so nothing keeps a second one from working against it"},
         {"err", error.message},
         {"help", "Give its service account get, create and patch of leases.coordination.k8s.io in its namespace."}});
  else
    ctx.log({{"err", wrap(Error(error), "holding the lease").value()}});
}

/// Ends or begins a term as things stand.
void Leadership::settle() {
  const bool leads = unrestricted_ || candidacy_.leads(Clock::now());
  if (leads == term_.has_value()) return;
  if (leads) {
    term_.emplace();
  } else {
    term_->request_stop();
    term_.reset();
  }
  changed_.notify_all();
}

std::optional<std::stop_token> Leadership::wait(const Context& ctx) {
  MutexLock lock(mutex_);
  const auto leading = [this]() REQUIRES(mutex_) { return term_.has_value(); };
  if (!changed_.wait(lock, ctx.stop_token(), leading)) return std::nullopt;
  return term_->get_token();
}

std::string Leadership::other() const {
  const MutexLock lock(mutex_);
  return unrestricted_ ? std::string() : candidacy_.other();
}

void Leadership::give_up(const Bounded& ctx) {
  thread_.request_stop();
  thread_.join();
  auto ours = [this] {
    const MutexLock lock(mutex_);
    return candidacy_.to_renew();
  }();
  if (!ours) return;
  ours->holder.clear();
  if (auto given =
          cluster::write_lease(ctx, client_, options_.ns, options_.name, *ours, std::chrono::system_clock::now());
      !given)
    ctx.log({{"warning", "cannot give up the lease; others wait until it has run out"}, {"err", given.error()}});
}

}  // namespace flux::daemon
