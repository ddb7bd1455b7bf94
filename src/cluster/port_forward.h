#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "cluster/kubeconfig.h"

namespace flux::cluster {

/// Which pod is meant by "the daemon" (compat/fluxctl.md 5).
struct DaemonQuery {
  std::string ns = "default";                                                ///< --k8s-fwd-ns
  std::vector<std::pair<std::string, std::string>> labels{{"app", "flux"}};  ///< --k8s-fwd-labels, all required
  std::uint16_t port = 3030;
};

struct PortForwardOptions {
  std::string user_agent = "fluxctl";
  Duration connect_timeout = std::chrono::seconds(10);  ///< TCP and TLS to the API server
  Duration upgrade_timeout = std::chrono::seconds(30);  ///< until the API server has agreed, one attempt
};

/// A port of this machine that leads to the daemon's pod through the API server, as `kubectl port-forward` does it:
/// WebSocket where the server has it (SPDY tunnelled in it from Kubernetes 1.30, or channels), else a SPDY upgrade.
/// Any number of connections, one after the other or at once.
///
/// A tunnel that drops is opened again for the next connection. When the pod itself is gone the daemon is looked up
/// anew; is there none, connections are reset and failure() says why.
///
/// Threads of its own accept connections and move their bytes; the destructor ends and joins them. Any thread may call.
class PortForward {
 public:
  /// Reads the kubeconfig, finds the pod and opens the tunnel, so that whatever is wrong is said at once and in the
  /// words of compat/fluxctl.md 5: `Could not load kubernetes configuration file: ...`, `No pod found in namespace
  /// ...`, `Could not create a dialer: ...`, `Could not create port forward: ...`, `Could not find a port to bind to:
  /// ...`. `ctx` bounds this call and nothing after it, except that its log is kept.
  static Result<std::unique_ptr<PortForward>> open(const Context& ctx, const ConfigSources& sources,
                                                   const DaemonQuery& query, const PortForwardOptions& options = {});
  PortForward(const PortForward&) = delete;
  PortForward& operator=(const PortForward&) = delete;
  ~PortForward();

  /// On 127.0.0.1. Requests to it must not go through a proxy.
  [[nodiscard]] std::uint16_t port() const;
  /// `http://127.0.0.1:PORT/api/flux`.
  [[nodiscard]] std::string url() const;
  /// The pod that connections lead to now.
  [[nodiscard]] std::string pod() const;

  /// Why the latest connection broke before its end; nothing while all is well. When a request to url() fails this is
  /// the cause to show: the HTTP client has seen a closed connection only.
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  PortForward();
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace flux::cluster
