#pragma once

#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "base/context.h"
#include "base/timestamp.h"
#include "cli/tunnel.h"
#include "cluster/kubeconfig.h"

namespace flux::cli {

/// Everything that a run of fluxctl sees of the world, so that a test can be the world. The streams must outlive the
/// run. One thread.
struct Surroundings {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;  ///< colours are for terminals only
  bool err_is_terminal = false;  ///< so is progress
  std::string terminal{};        ///< device of the one that a menu is shown on; it need not be there
  std::map<std::string, std::string, std::less<>> environment;
  std::string version;                                 ///< empty: `unversioned`
  cluster::ConfigSources kubernetes;                   ///< where the kubeconfig is
  OpenTunnel open_tunnel;                              ///< the way to a daemon without a URL
  std::function<Clock::time_point()> now;              ///< for deadlines
  std::function<Timestamp()> time;                     ///< of the calendar, to say how long ago something was
  std::function<bool(const Context&, Duration)> wait;  ///< false when the context ended first

  /// Nothing when unset or empty: an empty variable counts as unset (compat/fluxctl.md 1.2).
  [[nodiscard]] std::optional<std::string> variable(std::string_view name) const;
  [[nodiscard]] bool colour() const { return out_is_terminal && !variable("NO_COLOR"); }
};

}  // namespace flux::cli
