#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace flux::http {

/// Runs jobs in order, on no more threads than were ever needed at once. Any thread may submit. Jobs do not throw.
class HandlerPool {
 public:
  explicit HandlerPool(int most_threads);
  HandlerPool(const HandlerPool&) = delete;
  HandlerPool& operator=(const HandlerPool&) = delete;
  ~HandlerPool() { close(); }

  /// Dropped after close().
  void submit(std::function<void()> job);
  /// Drops what has not begun and waits for what has.
  void close();

 private:
  void work();
  void add_thread();

  const std::size_t most_threads_;
  std::mutex mutex_;  // guards what follows, until closed
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  std::size_t idle_ = 0;
  bool closed_ = false;
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
