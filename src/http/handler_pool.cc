#include "http/handler_pool.h"

#include <algorithm>
#include <utility>

namespace flux::http {

HandlerPool::HandlerPool(int most_threads, Log log)
    : most_threads_(static_cast<std::size_t>(std::max(most_threads, 1))), log_(std::move(log)) {}

Result<void> HandlerPool::start() {
  const MutexLock lock(mutex_);
  return add_thread();
}

void HandlerPool::submit(std::function<void()> job) {
  {
    const MutexLock lock(mutex_);
    if (closed_) return;
    jobs_.push_back(std::move(job));
    if (jobs_.size() > idle_ && threads_.size() < most_threads_)
      if (auto ok = add_thread(); !ok && !std::exchange(told_, true))
        log_({{"warning", "requests wait for each other"}, {"err", ok.error()}});
  }
  changed_.notify_one();
}

void HandlerPool::close() {
  std::deque<std::function<void()>> dropped;
  std::vector<Worker> ending;
  {
    const MutexLock lock(mutex_);
    closed_ = true;
    dropped.swap(jobs_);
    ending.swap(threads_);
  }
  changed_.notify_all();
}

Result<void> HandlerPool::add_thread() {
  WorkerOptions options{.name = "http handler", .doing = "handling HTTP requests", .log = log_};
  auto started = Worker::start(std::move(options), [this](const Context&) { work(); });
  if (!started) return Failure(started.error());
  threads_.push_back(*std::move(started));
  return {};
}

void HandlerPool::work() {
  while (true) {
    std::function<void()> job;
    {
      MutexLock lock(mutex_);
      ++idle_;
      changed_.wait(lock, [this]() REQUIRES(mutex_) { return closed_ || !jobs_.empty(); });
      --idle_;
      if (closed_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

bool StreamThreads::start(std::function<void()> job) {
  std::erase_if(threads_, [](const Worker& thread) { return thread.finished(); });
  WorkerOptions options{.name = "http stream", .doing = "streaming an HTTP response", .log = log_};
  options.on_failure = [](const Error&) {};
  auto started = Worker::start(std::move(options), [job = std::move(job)](const Context&) { job(); });
  if (!started) {
    log_({{"err", started.error()}});
    return false;
  }
  threads_.push_back(*std::move(started));
  return true;
}

void StreamThreads::join_all() { threads_.clear(); }

}  // namespace flux::http
