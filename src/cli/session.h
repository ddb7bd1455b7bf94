#pragma once

#include <memory>
#include <optional>
#include <string>

#include "api/client.h"
#include "cli/command.h"
#include "cli/connection.h"
#include "cli/tunnel.h"

namespace flux::cli {

/// One run of one command: its surroundings, its command line, and the daemon, reached when first asked for.
class Session {
 public:
  Session(Surroundings& surroundings, const Invocation& line) : surroundings_(surroundings), line_(line) {}

  [[nodiscard]] Surroundings& surroundings() { return surroundings_; }
  [[nodiscard]] const Invocation& line() const { return line_; }
  std::ostream& out() { return surroundings_.out; }
  std::ostream& err() { return surroundings_.err; }

  /// Connects on the first call.
  Outcome<api::Client*> daemon(const Context& ctx);
  /// Whether the daemon is reached through a tunnel, which may drop and come back.
  [[nodiscard]] bool tunnelled() const { return tunnel_ != nullptr; }
  /// `--timeout`, of the environment also. After daemon() only.
  [[nodiscard]] Duration timeout() const { return route_.timeout; }

  /// `given`, or the namespace of the kubeconfig's context (compat/fluxctl.md 1.4).
  [[nodiscard]] std::string namespace_or(const std::string& given) const;

  /// The error with what else is known about it: why the tunnel broke, where a client sees only a closed connection;
  /// and after a timeout, why the daemon's syncs fail.
  [[nodiscard]] CommandError explain(const Context& ctx, CommandError error);

 private:
  Surroundings& surroundings_;
  const Invocation& line_;
  Route route_;
  std::unique_ptr<Tunnel> tunnel_;
  std::unique_ptr<api::Client> client_;
};

}  // namespace flux::cli
