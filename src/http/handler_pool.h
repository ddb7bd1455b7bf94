#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <vector>

#include "base/guarded.h"
#include "base/worker.h"

namespace flux::http {

/// Runs jobs in order, on no more threads than were ever needed at once. Any thread may submit. What a job throws is
/// logged, and the next one is run.
class HandlerPool {
 public:
  HandlerPool(int most_threads, Log log);
  HandlerPool(const HandlerPool&) = delete;
  HandlerPool& operator=(const HandlerPool&) = delete;
  ~HandlerPool() { close(); }

  /// The first thread: with it no job is stuck, however few the system gives us later.
  Result<void> start();
  /// Dropped after close().
  void submit(std::function<void()> job);
  /// Drops what has not begun and waits for what has.
  void close();

 private:
  void work();
  Result<void> add_thread() REQUIRES(mutex_);

  const std::size_t most_threads_;
  const Log log_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> jobs_ GUARDED_BY(mutex_);
  std::size_t idle_ GUARDED_BY(mutex_) = 0;
  bool closed_ GUARDED_BY(mutex_) = false;
  bool told_ GUARDED_BY(mutex_) = false;  // that there are too few threads
  std::vector<Worker> threads_ GUARDED_BY(mutex_);
};

/// Starts threads that each run one job, and waits for all of them in the end. One caller's thread.
class StreamThreads {
 public:
  explicit StreamThreads(Log log) : log_(std::move(log)) {}
  StreamThreads(const StreamThreads&) = delete;
  StreamThreads& operator=(const StreamThreads&) = delete;
  ~StreamThreads() { join_all(); }

  /// False when the system gives us no more threads. What the job throws is logged.
  bool start(std::function<void()> job);
  void join_all();

 private:
  const Log log_;
  std::vector<Worker> threads_;
};

}  // namespace flux::http
