#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <thread>

namespace flux::daemon {

/// Turns signals into calls on a thread of its own. Make it before any other thread, so that all of them inherit the
/// blocked signals. SIGINT and SIGTERM stop; SIGHUP calls `on_hangup`.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// `on_stop` gets `interrupt` or `terminated`.
  void listen(std::function<void(std::string)> on_stop, std::function<void()> on_hangup);

 private:
  std::thread thread_;
};

}  // namespace flux::daemon
