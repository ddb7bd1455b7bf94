#include "daemon/main_program.h"

#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/guarded.h"
#include "base/worker.h"
#include "daemon/assemble.h"
#include "daemon/options.h"
#include "daemon/options_check.h"
#include "daemon/signals.h"

namespace flux::daemon {
namespace {

std::string home_directory() {
  for (const auto* name : {"HOME", "USERPROFILE"})
    if (const char* value = std::getenv(name); value && *value) return value;
  return {};
}

/// Many clients of the API must not leave git and the cluster without descriptors: where the usual soft limit is as low
/// as the connections that we accept, the hard limit is not.
void allow_descriptors() {
  constexpr rlim_t kEnough = 16384;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kEnough) return;
  limit.rlim_cur = std::min(kEnough, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);  // as before where that is not allowed
}

/// What is large, such as a page of a list, goes back to the system when it is freed. glibc would learn from the first
/// such block to keep all others of its size.
void give_back_memory() { ::mallopt(M_MMAP_THRESHOLD, 1 << 20); }

/// What SIGHUP does: nothing until the daemon runs.
class Hangup {
 public:
  void set(std::function<void()> act) {
    const MutexLock lock(mutex_);
    act_ = std::move(act);
  }
  void operator()() {
    const MutexLock lock(mutex_);
    if (act_) act_();
  }

 private:
  Mutex mutex_;
  std::function<void()> act_ GUARDED_BY(mutex_);
};

/// What is thrown on the loop's thread, this one, ends the process like any other error: with a line and a status.
Result<void> run(const Context& ctx, const Settings& settings, const std::string& version,
                 const std::function<void(Controls)>& running) {
  try {
    return run_daemon(ctx, settings, version, running);
  } catch (...) {
    return fail(ErrorKind::server, "syncing: " + what_was_thrown(),
                "This is a defect of fluxd, or the machine has no memory left. A restart is safe.");
  }
}

}  // namespace

int run_program(const std::vector<std::string>& args, const std::string& version) {
  const auto invocation = read_command_line(args, version, home_directory());
  for (const auto& notice : invocation.notices) std::fprintf(stderr, "%s\n", notice.c_str());
  if (const auto& exit = invocation.exit) {
    std::fputs(exit->out.c_str(), stdout);
    std::fputs(exit->err.c_str(), stderr);
    return exit->status;
  }

  const Log log(stderr_sink(), invocation.options.log_format == "json" ? LogFormat::json : LogFormat::logfmt);
  log({{"version", version}});
  const auto settings = check(invocation.options);
  if (settings.fatal) {
    write(log, *settings.fatal);
    return 1;
  }
  for (const auto& record : settings.records) write(log, record);
  for (const auto& record : not_yet_in_effect(invocation.options)) write(log, record);

  allow_descriptors();
  give_back_memory();
  Signals signals;
  std::stop_source stop;
  Hangup hangup;
  const auto listening = signals.listen(
      log,
      [&](const std::string& name) {
        if (stop.request_stop()) log({{"exiting", name}});
      },
      [&] { hangup(); });
  if (!listening) {
    log({{"exiting", listening.error()}});
    return 1;
  }
  const auto done = run(Context(stop.get_token(), log), settings, version,
                        [&](Controls controls) { hangup.set(std::move(controls.fetch_now)); });
  hangup.set({});
  if (done) return 0;
  log({{"exiting", done.error()}});
  return 1;
}

}  // namespace flux::daemon
