#include "daemon/signals.h"

#include <csignal>

namespace flux::daemon {
namespace {

// Ends the listening thread itself.
constexpr int kEnd = SIGUSR2;

sigset_t heard() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, kEnd}) sigaddset(&set, number);
  return set;
}

}  // namespace

Signals::Signals() {
  const auto set = heard();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Signals::~Signals() {
  if (!thread_.joinable()) return;
  pthread_kill(thread_.native_handle(), kEnd);
  thread_.join();
}

void Signals::listen(std::function<void(std::string)> on_stop, std::function<void()> on_hangup) {
  thread_ = std::thread([on_stop = std::move(on_stop), on_hangup = std::move(on_hangup)] {
    const auto set = heard();
    while (true) {
      int number = 0;
      if (sigwait(&set, &number) != 0) continue;
      if (number == kEnd) return;
      if (number == SIGHUP)
        on_hangup();
      else
        on_stop(number == SIGINT ? "interrupt" : "terminated");
    }
  });
}

}  // namespace flux::daemon
