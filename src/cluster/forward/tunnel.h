#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/context.h"
#include "base/result.h"
#include "cluster/forward/access.h"

namespace flux::cluster {

/// One connection into a pod. One thread may write and another read. The destructor ends it.
class PodStream {
 public:
  virtual ~PodStream() = default;
  virtual Result<void> write(const Context& ctx, std::string_view bytes) = 0;
  /// Says that nothing more will be written; reading goes on. False when the wire has no word for it.
  virtual Result<bool> finish(const Context& ctx) = 0;
  /// Appends at least one byte; false at the end. An error is what went wrong in the pod, or with the tunnel.
  virtual Result<bool> read(const Context& ctx, std::string& to) = 0;
};

/// A way to one port of one pod. Any thread.
class Tunnel {
 public:
  virtual ~Tunnel() = default;
  virtual Result<std::unique_ptr<PodStream>> open(const Bounded& ctx) = 0;
  /// Whether open() can still succeed.
  [[nodiscard]] virtual bool alive() const = 0;
};

struct TunnelTarget {
  std::string ns;
  std::string pod;
  std::uint16_t port = 0;
};

/// How tunnels are spoken.
enum class TunnelForm {
  tunnelled_spdy,  ///< SPDY/3.1 in a WebSocket: servers from 1.30, as kubectl from 1.31 prefers it
  channels,        ///< `v4.channel.k8s.io` in a WebSocket for each connection
  spdy,            ///< SPDY/3.1 after an upgrade of a POST: what Flux v1 and older kubectls use
};

http::UpgradeResult<std::unique_ptr<Tunnel>> open_spdy_tunnel(const Bounded& ctx, Access& access,
                                                              const TunnelTarget& target, bool in_websocket);
/// `access` must outlive the tunnel.
http::UpgradeResult<std::unique_ptr<Tunnel>> open_channel_tunnel(const Bounded& ctx, Access& access,
                                                                 const TunnelTarget& target);

/// Opens a tunnel in the first form that the server takes part in, which `form` remembers. An answer that no other form
/// would change (401, 404: no such pod) ends the search. `attempt_timeout` is for each try.
Result<std::unique_ptr<Tunnel>> open_tunnel(const Context& ctx, Access& access, const TunnelTarget& target,
                                            std::optional<TunnelForm>& form, Duration attempt_timeout);

/// `/api/v1/namespaces/NS/pods/POD/portforward`.
[[nodiscard]] std::string portforward_path(const TunnelTarget& target);

}  // namespace flux::cluster
