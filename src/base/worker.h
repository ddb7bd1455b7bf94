#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/context.h"
#include "base/result.h"

namespace flux {

/// What a thread is for, and what becomes of it when its body throws, which is logged in any case.
struct WorkerOptions {
  std::string name;   ///< as `top -H` shows it; the system keeps 15 bytes
  std::string doing;  ///< for the log: `watching the cluster`
  Log log{};
  /// Called on the thread, which ends with it; exit_process() ends all of the process. None: the body is started again,
  /// after a pause that doubles from one failure to the next until the body has run for longer than `max_pause`.
  std::function<void(const Error&)> on_failure{};
  Duration first_pause = std::chrono::milliseconds(100);
  Duration max_pause = std::chrono::seconds(10);
};

/// A thread that is never lost without a word: what its body throws is logged, and then it is started again or somebody
/// is told. One thread at a time uses it.
class Worker {
 public:
  /// To return soon after its context has ended. The context has the options' log.
  using Body = std::function<void(const Context&)>;

  /// A server error when the system gives us no more threads.
  static Result<Worker> start(WorkerOptions options, Body body);

  Worker() = default;  ///< no thread
  Worker(Worker&&) noexcept = default;
  Worker& operator=(Worker&&) noexcept = default;  ///< stops and joins the one before
  ~Worker() = default;                             ///< stops and joins

  /// Ends the body's context, and a pause before it.
  void request_stop() { thread_.request_stop(); }
  void join();
  /// Whether the thread does nothing any more, so that join() does not wait. Also true without one. Any thread.
  [[nodiscard]] bool finished() const { return !running_ || !*running_; }

 private:
  std::shared_ptr<std::atomic<bool>> running_;
  std::jthread thread_;
};

/// For WorkerOptions::on_failure: ends the process at once with that status. Destructors are not run, because other
/// threads may be using anything.
[[nodiscard]] std::function<void(const Error&)> exit_process(int status);

/// How long to pause after a body that threw when it had run for `ran`; `before` is the pause before it. Pure.
[[nodiscard]] Duration next_pause(const WorkerOptions& options, Duration before, Duration ran);

/// For use in a `catch (...)`: what the exception says.
[[nodiscard]] std::string what_was_thrown();

}  // namespace flux
