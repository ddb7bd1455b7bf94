#include "cluster/port_forward.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/guarded.h"
#include "base/worker.h"
#include "cluster/forward/access.h"
#include "cluster/forward/find_daemon.h"
#include "cluster/forward/local_port.h"
#include "cluster/forward/relay.h"
#include "cluster/forward/tunnel.h"

namespace flux::cluster {
namespace {

constexpr Duration kFindTimeout = std::chrono::minutes(1);  // retries included
constexpr Duration kUserTime = std::chrono::minutes(5);     // that a plugin gives its user, on top

Duration find_timeout(const Config& config) {
  return config.exec && config.exec->interactive ? kFindTimeout + kUserTime : kFindTimeout;
}

/// A connection into the pod, which keeps its tunnel for as long as it lasts.
struct Way {
  std::string pod;
  std::shared_ptr<Tunnel> tunnel;
  std::unique_ptr<PodStream> stream;  // goes first
};

}  // namespace

struct PortForward::Parts {
  Parts(Config config, DaemonQuery with, PortForwardOptions how, LocalPort at, const Log& log)
      : query(std::move(with)),
        options(std::move(how)),
        time_to_find(find_timeout(config)),
        access(std::move(config), options.user_agent, options.connect_timeout, log),
        local(std::move(at)) {}

  Result<void> start(const Log& log);

  Result<void> choose(const Context& ctx);
  Result<std::shared_ptr<Tunnel>> tunnel_now(const Context& ctx);
  Result<Way> way_into_pod(const Context& ctx);
  void drop(const std::shared_ptr<Tunnel>& broken);
  void accept_all(const Context& ctx);
  void start_serving(const Context& ctx, LocalConnection connection);
  void serve(const Context& ctx, std::uint64_t number, LocalConnection& connection);
  void note(std::uint64_t number, std::optional<Error> error);

  const DaemonQuery query;
  const PortForwardOptions options;
  const Duration time_to_find;
  Access access;
  LocalPort local;

  Mutex dialling;  // one thread at a time looks for the pod and opens the tunnel
  std::optional<TunnelForm> form GUARDED_BY(dialling);

  Mutex mutex;
  std::string pod GUARDED_BY(mutex);
  std::shared_ptr<Tunnel> tunnel GUARDED_BY(mutex);
  std::optional<Error> failure GUARDED_BY(mutex);
  std::uint64_t failed GUARDED_BY(mutex) = 0;  // the connection that `failure` is of

  std::uint64_t accepted = 0;  // the acceptor's, as all below
  std::vector<Worker> served;
  Worker acceptor;  // last: joined before the rest goes
};

/// What became of connection `number`. One that nobody uses any more can break late: that does not hide why a later one
/// failed.
void PortForward::Parts::note(std::uint64_t number, std::optional<Error> error) {
  const MutexLock lock(mutex);
  if (failure && number < failed) return;
  failure = std::move(error);
  failed = number;
}

Result<void> PortForward::Parts::choose(const Context& ctx) {
  std::string before;
  {
    const MutexLock lock(mutex);
    before = pod;
  }
  auto name = find_daemon(ctx.with_timeout(time_to_find), access, query, before);
  if (!name && !before.empty() && name.error().kind == ErrorKind::missing)
    return wrap(name.error(),
                fmt::format("Pod {} in namespace \"{}\", which the forwarding led to, is gone", before, query.ns));
  if (!name) return Failure(name.error());
  const MutexLock lock(mutex);
  pod = std::move(*name);
  return {};
}

/// The living tunnel, or a new one: to the pod that is the daemon's now.
Result<std::shared_ptr<Tunnel>> PortForward::Parts::tunnel_now(const Context& ctx) {
  const MutexLock one(dialling);
  TunnelTarget target{query.ns, {}, query.port};
  {
    const MutexLock lock(mutex);
    if (tunnel && tunnel->alive()) return tunnel;
    tunnel.reset();
  }
  if (auto ok = choose(ctx); !ok) return Failure(ok.error());
  {
    const MutexLock lock(mutex);
    target.pod = pod;
  }
  auto opened = open_tunnel(ctx, access, target, form, options.upgrade_timeout);
  if (!opened) return wrap(opened.error(), "Could not create port forward");
  const MutexLock lock(mutex);
  tunnel = std::move(*opened);
  return tunnel;
}

void PortForward::Parts::drop(const std::shared_ptr<Tunnel>& broken) {
  const MutexLock lock(mutex);
  if (tunnel == broken) tunnel.reset();
}

/// A tunnel can have died unnoticed since it was last used: then once more over a new one.
Result<Way> PortForward::Parts::way_into_pod(const Context& ctx) {
  for (bool again = true;; again = false) {
    auto used = tunnel_now(ctx);
    if (!used) return Failure(used.error());
    auto stream = (*used)->open(ctx.with_timeout(options.upgrade_timeout));
    if (stream) {
      const MutexLock lock(mutex);
      return Way{pod, std::move(*used), std::move(*stream)};
    }
    drop(*used);
    if (!again || ctx.done()) return wrap(stream.error(), "Could not create port forward");
  }
}

void PortForward::Parts::serve(const Context& ctx, std::uint64_t number, LocalConnection& connection) {
  const auto way = way_into_pod(ctx);
  if (!way) {
    note(number, way.error());
    return connection.reset();
  }
  note(number, std::nullopt);
  const auto outcome = relay(ctx, connection, *way->stream);
  if (outcome || ctx.done()) return;
  auto error = wrap(outcome.error(), fmt::format("The connection to pod {} broke", way->pod)).value();
  error.help = fmt::format("`kubectl -n {} logs {}` tells whether fluxd runs there.", query.ns, way->pod);
  note(number, std::move(error));
  // Whether the pod is still there is found out before the next connection.
  drop(way->tunnel);
  connection.reset();
}

void PortForward::Parts::accept_all(const Context& ctx) {
  while (true) {
    auto connection = local.accept(ctx);
    if (ctx.stopped()) return;
    if (!connection) {
      // Out of descriptors, most likely: some come back when connections end.
      ctx.log({{"err", connection.error()}});
      ctx.sleep(std::chrono::milliseconds(100));
      continue;
    }
    std::erase_if(served, [](const Worker& each) { return each.finished(); });
    start_serving(ctx, std::move(*connection));
  }
}

void PortForward::Parts::start_serving(const Context& ctx, LocalConnection connection) {
  const auto number = ++accepted;
  const auto shared = std::make_shared<LocalConnection>(std::move(connection));
  WorkerOptions how{.name = "forward", .doing = "forwarding a connection", .log = ctx.log};
  how.on_failure = [this, number, shared](const Error& error) {
    note(number, error);
    shared->reset();
  };
  // It ends with the acceptor, not with its own stop: the destructor ends all of them at once.
  auto started =
      Worker::start(std::move(how), [this, ctx, number, shared](const Context&) { serve(ctx, number, *shared); });
  if (started) return served.push_back(*std::move(started));
  note(number, started.error());
  shared->reset();
}

/// A failure loses the connection that was just being taken, and no other.
Result<void> PortForward::Parts::start(const Log& log) {
  auto started = Worker::start({.name = "forward port", .doing = "accepting connections to forward", .log = log},
                               [this](const Context& ctx) { accept_all(ctx); });
  if (!started) return Failure(started.error());
  acceptor = *std::move(started);
  return {};
}

PortForward::PortForward() = default;

PortForward::~PortForward() {
  if (!parts_) return;
  parts_->acceptor.request_stop();
  parts_->acceptor.join();
  parts_->served.clear();
}

Result<std::unique_ptr<PortForward>> PortForward::open(const Context& ctx, const ConfigSources& sources,
                                                       const DaemonQuery& query, const PortForwardOptions& options) {
  auto config = load_config(sources);
  if (!config) return wrap(config.error(), "Could not load kubernetes configuration file");
  if (config->server.empty())
    return fail(ErrorKind::user, "Could not create kubernetes client: no API server is configured");
  auto local = LocalPort::listen();
  if (!local) return wrap(local.error(), "Could not find a port to bind to");
  std::unique_ptr<PortForward> forward(new PortForward);
  forward->parts_ = std::make_unique<Parts>(std::move(*config), query, options, std::move(*local), ctx.log);
  auto& parts = *forward->parts_;
  if (auto tunnel = parts.tunnel_now(ctx); !tunnel) return Failure(tunnel.error());
  if (auto ok = parts.start(ctx.log); !ok) return wrap(ok.error(), "Could not create port forward");
  return forward;
}

std::uint16_t PortForward::port() const { return parts_->local.number(); }

std::string PortForward::url() const { return fmt::format("http://127.0.0.1:{}/api/flux", port()); }

std::string PortForward::pod() const {
  const MutexLock lock(parts_->mutex);
  return parts_->pod;
}

std::optional<Error> PortForward::failure() const {
  const MutexLock lock(parts_->mutex);
  return parts_->failure;
}

}  // namespace flux::cluster
