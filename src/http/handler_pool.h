#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace flux::http {

/// A fixed number of threads that run jobs in order. Any thread may submit. Jobs do not throw.
class HandlerPool {
 public:
  explicit HandlerPool(int threads);
  HandlerPool(const HandlerPool&) = delete;
  HandlerPool& operator=(const HandlerPool&) = delete;
  ~HandlerPool() { close(); }

  /// Dropped after close().
  void submit(std::function<void()> job);
  /// Drops what has not begun and waits for what has.
  void close();

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;  ///< guarded by mutex_
  bool closed_ = false;                     ///< guarded by mutex_
  std::vector<std::jthread> threads_;
};

/// Starts threads that each run one job, and waits for all of them in the end. One caller's thread.
class StreamThreads {
 public:
  StreamThreads() = default;
  StreamThreads(const StreamThreads&) = delete;
  StreamThreads& operator=(const StreamThreads&) = delete;
  ~StreamThreads() { join_all(); }

  /// False when the system gives us no more threads.
  bool start(std::function<void()> job);
  void join_all();

 private:
  std::mutex mutex_;
  std::vector<std::thread::id> ended_;  ///< guarded by mutex_; about to return
  std::vector<std::jthread> threads_;
};

}  // namespace flux::http
