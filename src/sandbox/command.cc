#include "sandbox/command.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>

#include "base/flags.h"
#include "sandbox/kubeconfig.h"
#include "sandbox/sandbox.h"

namespace flux::sandbox {

namespace {

constexpr auto about =
    "flux-sandbox serves an embedded Kubernetes API over plain HTTP: objects are kept in memory, workloads are "
    "simulated,\n"
    "nothing runs and nothing is kept when it ends. It is for trying fluxd out and for tests.\n\n"
    "Usage:\n  flux-sandbox [flags]\n\nFlags:\n";

int complain(const Error& error, int status) {
  fmt::print(stderr, "flux-sandbox: {}\n", error.message);
  if (!error.help.empty()) fmt::print(stderr, "{}\n", error.help);
  return status;
}

int serve(const std::string& address, const std::string& file, const sigset_t& signals) {
  const auto sandbox = Sandbox::start(address, Log(stderr_sink(), LogFormat::logfmt));
  if (!sandbox) return complain(sandbox.error(), 1);
  const auto url = (*sandbox)->url();
  if (!file.empty()) {
    if (const auto written = write_kubeconfig(file, url); !written) return complain(written.error(), 1);
  }
  fmt::print("flux-sandbox: a simulated Kubernetes API (in memory, nothing runs) is ready at {}{}\n", url,
             file.empty() ? "" : fmt::format("; try: kubectl --kubeconfig {} get namespaces", file));
  std::fflush(stdout);
  int caught = 0;
  sigwait(&signals, &caught);
  return 0;
}

}  // namespace

std::vector<Flag> flags_of(CommandLine& line) {
  return {{"listen", &line.address, "address to serve at, as host:port; port 0 picks a free one"},
          {"write-kubeconfig", &line.kubeconfig, "file to write a kubeconfig for this server to"},
          {"version", &line.version, "print the version and exit"}};
}

int run_command(const std::vector<std::string>& args, const std::string& version) {
  CommandLine line;
  FlagSet flags(flags_of(line));
  const auto usage = about + flags.usage();
  if (const auto parsed = flags.parse(args); !parsed) {
    fmt::print(stderr, "flux-sandbox: {}\nRun 'flux-sandbox --help' for the flags.\n", parsed.error().message);
    return 2;
  }
  if (flags.help_asked()) {
    fmt::print("{}", usage);
    return 0;
  }
  if (line.version) {
    fmt::print("{}\n", version);
    return 0;
  }
  if (!flags.positionals().empty()) {
    fmt::print(stderr, "flux-sandbox: unexpected argument '{}'\nRun 'flux-sandbox --help' for the flags.\n",
               flags.positionals().front());
    return 2;
  }
  // Before any thread exists, so that all of them leave the signals to sigwait.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return serve(line.address, line.kubeconfig, signals);
}

}  // namespace flux::sandbox
