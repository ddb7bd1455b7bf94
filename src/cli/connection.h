#pragma once

#include <optional>
#include <string>

#include "base/duration.h"
#include "base/result.h"
#include "base/secret.h"
#include "cli/command.h"
#include "cluster/port_forward.h"

namespace flux::cli {

/// How this run reaches its daemon (compat/fluxctl.md 1.2, 1.3).
struct Route {
  std::string url;  ///< base URL of the API; empty: through a tunnel to `daemon`
  Secret token;
  Duration timeout{};   ///< of each wait
  std::string context;  ///< of the kubeconfig; empty: the current one
  cluster::DaemonQuery daemon;
};

/// Looks up a variable of the environment; nothing when unset or empty.
using Variables = std::function<std::optional<std::string>(std::string_view)>;

/// The command line wins over the environment, which wins over the defaults. Unlike Flux v1 a malformed FLUX_TIMEOUT or
/// FLUX_FORWARD_LABELS is a user error, and a bare number of seconds is a timeout (compat/fluxctl.md 8).
[[nodiscard]] Result<Route> choose_route(const Invocation& line, const Variables& variable);

/// The namespace for workloads that name none (compat/fluxctl.md 1.4): `given`, else that of the kubeconfig's context,
/// else `default`. The daemon's own namespace has nothing to do with it.
[[nodiscard]] std::string workload_namespace(const std::string& given, const Invocation& line,
                                             const Surroundings& surroundings);

/// The kubeconfig's whereabouts with the `--context` of the command line.
[[nodiscard]] cluster::ConfigSources kubernetes_of(const Invocation& line, const Surroundings& surroundings);

}  // namespace flux::cli
