#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
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
  int threads = 3;  ///< registries that are asked at once; one more is there for what somebody asks for
};

/// What the scanner works with. Nothing is owned.
struct ScannerParts {
  SendRequest send;
  Store& store;
  /// What is to be scanned now; called about once a minute on a thread of the scanner.
  std::function<Result<std::vector<Target>>(const Bounded& ctx)> collect;
  ObserveFetch observe;
  std::function<void()> on_change{};  ///< other images are known than before; on a thread of the scanner, be quick
};

/// Keeps the records of all images that are in use up to date, for as long as it lives. Any thread may ask.
class Scanner {
 public:
  Scanner(ScannerOptions options, ScannerParts parts, Log log);
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;
  ~Scanner();  ///< ends its threads

  Result<void> start(const Context& ctx);
  /// Somebody has heard that there is a new image, perhaps of which tag. Looked at at once, whatever else its registry
  /// is asked meanwhile. Does not wait. False when the image is not in use, which is no matter.
  bool prioritize(const ImageRef& image);
  /// Something else may be in use now, so collect soon: what is told within a second or two is one.
  void collect_soon();
  /// How each image that is scanned fares, by canonical name, as far as this process has seen. Waits for nobody.
  [[nodiscard]] std::vector<ImageHealth> health() const;

 private:
  /// What one of the threads is for.
  enum class Role { collects, scans, urgent };
  void run(const Context& ctx, Role role);
  void collect(const Context& ctx);
  /// What came of one piece of work.
  struct Findings {
    bool changed = false;  ///< there are tags, or metadata, that were not known
    std::string help{};    ///< what to do about the record's last error
  };
  /// Between these, whoever asks for something urgent may end the work.
  void begin(const ScanQueue::Work& work, std::stop_source stop);
  void give_back(const ScanQueue::Work& work, const ScanQueue::End& end);
  ScanQueue::End carry_out(const Context& ctx, const ScanQueue::Work& work);
  ScanQueue::End scan(const Context& ctx, const ScanQueue::Work& work, RegistrySession& session, Record& record,
                      Findings& findings);
  std::optional<ScanQueue::Work> take(const Context& ctx, Role role);
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
  std::map<const ScanQueue::Work*, std::stop_source> under_way_ GUARDED_BY(mutex_);
  std::string collect_error_;  // as told last; the collecting thread's

  std::vector<Worker> workers_;  // last: they use all of the above
};

}  // namespace flux::images
