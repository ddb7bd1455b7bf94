#include "daemon/signals.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>

#include "base/descriptor.h"

namespace flux::daemon {
namespace {

sigset_t heard() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2}) sigaddset(&set, number);
  return set;
}

}  // namespace

Signals::Signals() {
  const auto set = heard();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Result<void> Signals::listen(const Log& log, std::function<void(std::string)> on_stop,
                             std::function<void()> on_hangup) {
  const auto set = heard();
  const auto arrivals = std::make_shared<Descriptor>(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!*arrivals)
    return fail(ErrorKind::server, fmt::format("listening for signals: {}", std::strerror(errno)),
                "Raise the limit of open files: `ulimit -n`.");
  auto thread =
      Worker::start({.name = "signals", .doing = "listening for signals", .log = log},
                    [arrivals, on_stop = std::move(on_stop), on_hangup = std::move(on_hangup)](const Context& ctx) {
                      while (wait_until_ready(ctx, arrivals->get(), POLLIN)) {
                        signalfd_siginfo arrived{};
                        if (::read(arrivals->get(), &arrived, sizeof arrived) != sizeof arrived) continue;
                        if (arrived.ssi_signo == SIGHUP) on_hangup();
                        if (arrived.ssi_signo == SIGINT) on_stop("interrupt");
                        if (arrived.ssi_signo == SIGTERM) on_stop("terminated");
                      }
                    });
  if (!thread) return Failure(thread.error());
  thread_ = std::move(*thread);
  return {};
}

}  // namespace flux::daemon
