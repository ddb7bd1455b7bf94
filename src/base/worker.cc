#include "base/worker.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <system_error>

namespace flux {
namespace {

constexpr std::size_t kNameBytes = 15;

/// When not even this can be said, there is no memory left to say it with.
void report(const WorkerOptions& options, const Error& error) noexcept {
  try {
    options.log({{"err", error}, {"thread", options.name}});
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
}

void run(const std::stop_token& stop, const WorkerOptions& options, const Worker::Body& body) {
  const Context ctx(stop, options.log);
  Duration pause{0};
  while (true) {
    const auto began = Clock::now();
    Error error{ErrorKind::server, options.doing + ": ", {}};
    try {
      return body(ctx);
    } catch (...) {
      error.message += what_was_thrown();
    }
    if (options.on_failure) {
      error.help = "This is a defect of the program.";
      report(options, error);
      return options.on_failure(error);
    }
    pause = next_pause(options, pause, Clock::now() - began);
    error.help = "This is a defect of the program. It is tried again in " + format_duration(pause) + ".";
    report(options, error);
    if (!ctx.sleep(pause)) return;
  }
}

}  // namespace

std::string what_was_thrown() {
  try {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception of unknown type";
  }
}

Duration next_pause(const WorkerOptions& options, Duration before, Duration ran) {
  const bool again = before > Duration::zero() && ran <= options.max_pause;
  return std::min(again ? before * 2 : options.first_pause, options.max_pause);
}

std::function<void(const Error&)> exit_process(int status) {
  return [status](const Error&) { std::_Exit(status); };
}

Result<Worker> Worker::start(WorkerOptions options, Body body) {
  auto shared = std::make_shared<const WorkerOptions>(std::move(options));
  Worker worker;
  worker.running_ = std::make_shared<std::atomic<bool>>(true);
  try {
    worker.thread_ =
        std::jthread([shared, body = std::move(body), running = worker.running_](const std::stop_token& stop) mutable {
          ::pthread_setname_np(::pthread_self(), shared->name.substr(0, kNameBytes).c_str());
          run(stop, *shared, body);
          body = nullptr;  // what it holds goes before anybody hears that we are finished
          *running = false;
        });
  } catch (const std::system_error& error) {
    return fail(ErrorKind::server, fmt::format("{}: no thread can be started: {}", shared->doing, error.what()),
                "Raise the limit of processes and threads: that of the container (pids), or `ulimit -u`.");
  }
  return worker;
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace flux
