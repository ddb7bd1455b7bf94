#include "cli/session.h"

#include <fmt/format.h>

namespace flux::cli {
namespace {

/// A dead connection must not hang the client; a long --timeout says that the user is patient.
constexpr Duration kShortestCallTimeout = std::chrono::minutes(1);

/// For what would be nice to know.
constexpr Duration kPatienceWithDaemon = std::chrono::seconds(5);

/// Advice for whoever runs fluxctl, where the kubeconfig's reader has some for fluxd.
Error with_ways_out(Error error) {
  if (error.message.starts_with("Could not load kubernetes configuration file"))
    error.help =
        "Set KUBECONFIG, or choose another context with --context. A daemon whose API has an address of its own is "
        "reached with --url.";
  return error;
}

}  // namespace

Outcome<api::Client*> Session::daemon(const Context& ctx) {
  if (client_) return client_.get();
  auto route = choose_route(line_, [this](std::string_view name) { return surroundings_.variable(name); });
  if (!route) return pass(route.error());
  route_ = *std::move(route);
  auto url = route_.url;
  if (url.empty()) {
    auto tunnel = surroundings_.open_tunnel(ctx, kubernetes_of(line_, surroundings_), route_.daemon);
    if (!tunnel) return pass(with_ways_out(tunnel.error()));
    tunnel_ = *std::move(tunnel);
    url = tunnel_->url();
  }
  api::ClientOptions options;
  options.url = std::move(url);
  options.token = route_.token;
  options.call_timeout = std::max(route_.timeout, kShortestCallTimeout);
  options.transport.user_agent = fmt::format("fluxctl/{}", surroundings_.version);
  auto client = api::Client::make(std::move(options));
  if (!client) return pass(client.error());
  client_ = *std::move(client);
  return client_.get();
}

std::string Session::namespace_or(const std::string& given) const {
  return workload_namespace(given, line_, surroundings_);
}

CommandError Session::explain(const Context& ctx, CommandError error) {
  if (error.answered || client_ == nullptr) return error;
  const auto broken = tunnel_ ? tunnel_->failure() : std::nullopt;
  if (broken) {
    error.error.help = fmt::format("The connection to the daemon's pod broke: {}", broken->message);
    if (!broken->help.empty()) error.error.help += "\n" + broken->help;
  } else if (error.timed_out) {
    // Daemons of Flux v1 do not tell, which is fine.
    const auto status = client_->status(ctx.with_timeout(kPatienceWithDaemon));
    if (status && status->last_sync && !status->last_sync->error.empty())
      error.error.help += fmt::format("\nThe daemon's last sync failed: {}", status->last_sync->error);
  }
  return error;
}

}  // namespace flux::cli
