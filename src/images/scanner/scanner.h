#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <vector>

#include "base/guarded.h"
#include "base/worker.h"
#include "images/registry/rate_limits.h"
#include "images/registry/session.h"
#include "images/scanner/scan_queue.h"
#include "images/store/store.h"

namespace flux::images {

struct ScannerOptions {
  RegistryOptions registry{};
  double rps = 50;
  std::size_t burst = 10;
  int threads = 3;  ///< registries that are asked at once
};

/// What the scanner works with. Nothing is owned.
struct ScannerParts {
  SendRequest send;
  Store& store;
  /// What is to be scanned now; called about once a minute on a thread of the scanner.
  std::function<Result<std::vector<Target>>(const Bounded& ctx)> collect;
  ObserveFetch observe;
};

/// Keeps the records of all images that are in use up to date, for as long as it lives. Any thread may ask.
class Scanner {
 public:
  Scanner(ScannerOptions options, ScannerParts parts, Log log);
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;
  ~Scanner();  ///< ends its threads

  Result<void> start(const Context& ctx);
  /// Somebody has heard that there is a new image. At once; what is not in use is no matter.
  void prioritize(const ImageRef& image);
  /// Something else may be in use now, so collect soon: what is told within a second or two is one.
  void collect_soon();
  /// How each image that is scanned fares, by canonical name, as far as this process has seen. Waits for nobody.
  [[nodiscard]] std::vector<ImageHealth> health() const;

 private:
  void run(const Context& ctx, bool collects);
  void collect(const Context& ctx);
  ScanQueue::End carry_out(const Context& ctx, const ScanQueue::Work& work);
  std::optional<ScanQueue::Work> take(const Context& ctx, bool collects);
  /// Changes the queue, and wakes those who wait for it.
  template <class Change>
  void with_queue(Change&& change) EXCLUDES(mutex_) {
    {
      const MutexLock lock(mutex_);
      change(queue_);
      ++news_;
    }
    changed_.notify_all();
  }

  const ScannerOptions options_;
  const ScannerParts parts_;
  const Log log_;
  RateLimits limits_;
  RegistryHosts hosts_;

  mutable Mutex mutex_;
  std::condition_variable_any changed_;
  ScanQueue queue_ GUARDED_BY(mutex_);
  Clock::time_point collect_at_ GUARDED_BY(mutex_){};
  std::uint64_t news_ GUARDED_BY(mutex_) = 0;  // counts whatever may give a waiting thread something to do
  std::string collect_error_;                  // as told last; the collecting thread's

  std::vector<Worker> workers_;  // last: they use all of the above
};

}  // namespace flux::images
