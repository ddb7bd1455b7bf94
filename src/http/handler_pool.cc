#include "http/handler_pool.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace flux::http {

// The first thread comes at once: with it no job is stuck, however few the system gives us later.
HandlerPool::HandlerPool(int most_threads) : most_threads_(static_cast<std::size_t>(std::max(most_threads, 1))) {
  threads_.emplace_back([this] { work(); });
}

void HandlerPool::submit(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    jobs_.push_back(std::move(job));
    if (jobs_.size() > idle_ && threads_.size() < most_threads_) add_thread();
  }
  changed_.notify_one();
}

void HandlerPool::close() {
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(jobs_);
  }
  changed_.notify_all();
  threads_.clear();
}

void HandlerPool::add_thread() {
  try {
    threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    // Those that there are take the job.
  }
}

void HandlerPool::work() {
  while (true) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      ++idle_;
      changed_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
      --idle_;
      if (closed_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

bool StreamThreads::start(std::function<void()> job) {
  std::vector<std::thread::id> ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(ended_);
  }
  std::erase_if(threads_, [&](const std::jthread& thread) { return std::ranges::count(ended, thread.get_id()) > 0; });
  try {
    threads_.emplace_back([this, job = std::move(job)]() mutable {
      job();
      job = nullptr;
      const std::lock_guard lock(mutex_);
      ended_.push_back(std::this_thread::get_id());
    });
  } catch (const std::system_error&) {
    return false;
  }
  return true;
}

void StreamThreads::join_all() { threads_.clear(); }

}  // namespace flux::http
