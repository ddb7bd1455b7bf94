#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "base/log.h"
#include "base/result.h"

namespace flux::daemon {

/// Tells two states of a file apart.
struct FileStamp {
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t changed = 0;  ///< nanoseconds
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// Those of `files`, through symbolic links; all zero for one that is not there.
std::vector<FileStamp> stamps_of(const std::vector<std::filesystem::path>& files);

/// What files hold that others renew while we run, such as a mounted secret. Read again whenever one of them has
/// changed; while they cannot be used, what they held before stays. Any thread.
template <typename T>
class Reloaded {
 public:
  using Read = std::function<Result<T>()>;

  /// `what` names it in the log. Errors are those of `read`, which gets T out of `files`.
  static Result<std::unique_ptr<Reloaded>> open(std::string what, std::vector<std::filesystem::path> files, Read read,
                                                Log log) {
    auto stamps = stamps_of(files);
    auto value = read();
    if (!value) return Failure(value.error());
    return std::unique_ptr<Reloaded>(new Reloaded(std::move(what), std::move(files), std::move(read), std::move(log),
                                                  std::move(stamps), std::move(*value)));
  }

  /// Costs one look at the files' dates.
  [[nodiscard]] T current() {
    auto now = stamps_of(files_);
    const MutexLock lock(mutex_);
    if (now == stamps_) return value_;
    stamps_ = std::move(now);
    if (auto value = read_()) {
      value_ = std::move(*value);
      log_({{"info", what_ + " has changed"}, {"file", files_.front().string()}});
    } else {
      log_({{"warning", "going on with " + what_ + " as it was"}, {"err", value.error()}});
    }
    return value_;
  }

 private:
  Reloaded(std::string what, std::vector<std::filesystem::path> files, Read read, Log log,
           std::vector<FileStamp> stamps, T value)
      : what_(std::move(what)),
        files_(std::move(files)),
        read_(std::move(read)),
        log_(std::move(log)),
        stamps_(std::move(stamps)),
        value_(std::move(value)) {}

  const std::string what_;
  const std::vector<std::filesystem::path> files_;
  const Read read_;
  const Log log_;
  Mutex mutex_;
  std::vector<FileStamp> stamps_ GUARDED_BY(mutex_);
  T value_ GUARDED_BY(mutex_);
};

}  // namespace flux::daemon
