#pragma once

#include <functional>
#include <string>

#include "base/log.h"
#include "base/result.h"
#include "base/worker.h"

namespace flux::daemon {

/// Turns signals into calls on a thread of its own. Make it before any other thread, so that all of them inherit the
/// blocked signals. SIGINT and SIGTERM stop; SIGHUP calls `on_hangup`; SIGUSR1 and SIGUSR2 do nothing, as with Flux v1.
class Signals {
 public:
  Signals();
  ~Signals() = default;  ///< ends the thread; the signals stay blocked
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Once. `on_stop` gets `interrupt` or `terminated`, and may come again. A server error when the system has no thread
  /// or no file descriptor left.
  Result<void> listen(const Log& log, std::function<void(std::string)> on_stop, std::function<void()> on_hangup);

 private:
  Worker thread_;
};

}  // namespace flux::daemon
