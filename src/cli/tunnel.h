#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/context.h"
#include "base/result.h"
#include "cluster/kubeconfig.h"
#include "cluster/port_forward.h"

namespace flux::cli {

/// A way to the daemon's API through the Kubernetes API server. The destructor closes it.
class Tunnel {
 public:
  virtual ~Tunnel() = default;
  /// Base URL of the API at this machine's end.
  [[nodiscard]] virtual std::string url() const = 0;
  /// Why the latest connection through it broke; nothing while all is well.
  [[nodiscard]] virtual std::optional<Error> failure() const = 0;
};

/// The one seam between commands and a cluster: open_port_forward in the program, a script in tests.
using OpenTunnel = std::function<Result<std::unique_ptr<Tunnel>>(const Context&, const cluster::ConfigSources&,
                                                                 const cluster::DaemonQuery&)>;

Result<std::unique_ptr<Tunnel>> open_port_forward(const Context& ctx, const cluster::ConfigSources& sources,
                                                  const cluster::DaemonQuery& query);

}  // namespace flux::cli
