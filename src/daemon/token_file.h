#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>

#include "base/log.h"
#include "base/result.h"
#include "base/secret.h"

namespace flux::daemon {

/// A token in a file, such as a mounted secret: the first line, without blanks around it. Read again whenever the file
/// has changed; while it cannot be read, or holds none, the last token stays. Any thread.
class TokenFile {
 public:
  /// User error when there is no token to be had at the start.
  static Result<std::unique_ptr<TokenFile>> open(std::filesystem::path path, Log log);

  /// Costs one look at the file's dates.
  [[nodiscard]] Secret current();

 private:
  /// Tells two states of a file apart.
  struct Stamp {
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t changed = 0;  // nanoseconds
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };

  TokenFile(std::filesystem::path path, Log log) : path_(std::move(path)), log_(std::move(log)) {}
  [[nodiscard]] Stamp stamp() const;
  [[nodiscard]] Result<Secret> read() const;

  const std::filesystem::path path_;
  const Log log_;
  std::mutex mutex_;  // guards what follows
  Stamp stamp_;
  Secret token_;
};

}  // namespace flux::daemon
