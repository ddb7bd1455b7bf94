#include "cli/main_program.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <system_error>
#include <thread>

#include "cli/program.h"

namespace flux::cli {
namespace {

// Ends the listening thread itself.
constexpr int kEnd = SIGUSR2;

/// SIGINT and SIGTERM as a stop. Blocked before any thread exists, so that all threads leave them to the one that waits
/// for them. A second one ends the process as if nobody listened; so does the first one when the system gives us no
/// thread.
class Interrupts {
 public:
  explicit Interrupts(std::stop_source& stop) {
    sigemptyset(&set_);
    for (const int number : {SIGINT, SIGTERM, kEnd}) sigaddset(&set_, number);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    try {
      thread_ = std::thread([this, &stop] {
        for (int number = 0; sigwait(&set_, &number) == 0 && number != kEnd;)
          if (!stop.request_stop()) _exit(128 + number);
      });
    } catch (const std::system_error&) {
      pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
    }
  }
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts() {
    if (!thread_.joinable()) return;
    pthread_kill(thread_.native_handle(), kEnd);
    thread_.join();
  }

 private:
  sigset_t set_{};
  std::thread thread_;
};

std::map<std::string, std::string, std::less<>> process_environment() {
  std::map<std::string, std::string, std::less<>> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (const auto equals = text.find('='); equals != std::string_view::npos)
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

cluster::ConfigSources kubernetes_sources() {
  auto sources = cluster::ConfigSources::environment("");
  // In the background nobody answers, and whoever reads is stopped.
  sources.has_terminal = ::isatty(STDIN_FILENO) == 1 && ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
  return sources;
}

}  // namespace

int run_program(const std::vector<std::string>& args, const std::string& version) {
  std::stop_source stop;
  const Interrupts interrupts(stop);
  // A reader that has gone, as in `fluxctl ... | head`, is an error of the stream and no signal's business.
  std::signal(SIGPIPE, SIG_IGN);
  Surroundings surroundings{
      .out = std::cout,
      .err = std::cerr,
      .out_is_terminal = isatty(STDOUT_FILENO) == 1,
      .err_is_terminal = isatty(STDERR_FILENO) == 1,
      .terminal = "/dev/tty",
      .environment = process_environment(),
      .version = version,
      .kubernetes = kubernetes_sources(),
      .open_tunnel = open_port_forward,
      .now = [] { return Clock::now(); },
      .time = [] { return Timestamp(std::chrono::system_clock::now()); },
      .wait = [](const Context& ctx, Duration duration) { return ctx.sleep(duration); },
  };
  const int status = run_fluxctl(Context(stop.get_token()), args, surroundings);
  errno = 0;
  if (std::cout.flush()) return status;
  if (errno != EPIPE) std::cerr << "Error: cannot write to standard output: " << std::strerror(errno) << '\n';
  return 1;
}

}  // namespace flux::cli
