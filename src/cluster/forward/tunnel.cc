#include "cluster/forward/tunnel.h"

#include <fmt/format.h>

#include <array>

namespace flux::cluster {
namespace {

http::UpgradeResult<std::unique_ptr<Tunnel>> open_in(TunnelForm form, const Bounded& ctx, Access& access,
                                                     const TunnelTarget& target) {
  if (form == TunnelForm::channels) return open_channel_tunnel(ctx, access, target);
  return open_spdy_tunnel(ctx, access, target, form == TunnelForm::tunnelled_spdy);
}

/// Not reached, not known or no such pod: the same in every form. A 403 is not: before Kubernetes 1.35 the verb of a
/// WebSocket is `get`, and `create`, which people have been told to grant, is asked for by POST alone.
bool is_final(int status) { return status == 0 || status == 401 || status == 404; }

Error explain(const http::UpgradeError& error, const TunnelTarget& target) {
  if (error.status == 0) return error;
  return explain_refusal(decode_status(error.status, error.body,
                                       fmt::format("forwarding to pod {} in namespace {}", target.pod, target.ns)),
                         target.ns);
}

}  // namespace

std::string portforward_path(const TunnelTarget& target) {
  return fmt::format("/api/v1/namespaces/{}/pods/{}/portforward", encode_uri(target.ns), encode_uri(target.pod));
}

Result<std::unique_ptr<Tunnel>> open_tunnel(const Context& ctx, Access& access, const TunnelTarget& target,
                                            std::optional<TunnelForm>& form, Duration attempt_timeout) {
  static constexpr std::array kForms{TunnelForm::tunnelled_spdy, TunnelForm::channels, TunnelForm::spdy};
  Error latest;
  for (const auto each : kForms) {
    if (form && *form != each) continue;
    auto tunnel = open_in(each, ctx.with_timeout(attempt_timeout), access, target);
    if (tunnel) {
      form = each;
      return std::move(*tunnel);
    }
    latest = explain(tunnel.error(), target);
    if (is_final(tunnel.error().status)) break;
  }
  return Failure(std::move(latest));
}

}  // namespace flux::cluster
