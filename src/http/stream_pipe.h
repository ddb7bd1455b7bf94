#pragma once

#include <condition_variable>
#include <functional>
#include <string>

#include "base/guarded.h"
#include "http/server.h"

namespace flux::http {

/// What lies between the thread that writes a streamed response and the thread that sends it. Holds a bounded number of
/// bytes; the writer waits while it is full.
class StreamPipe : public StreamWriter {
 public:
  static constexpr std::size_t kCapacity = std::size_t{256} << 10;

  /// `wake` tells the sending thread that there is something to take; called on the writer's thread.
  explicit StreamPipe(std::function<void()> wake) : wake_(std::move(wake)) {}

  // The writer's thread.
  bool write(std::string_view bytes) override;
  enum class End { complete, broken };
  void finish(End end);

  // The sending thread.
  struct Taken {
    std::string bytes;
    bool ended = false;     ///< nothing will follow these bytes
    bool complete = false;  ///< and the response is whole
  };
  Taken take();
  /// The client is gone or the server stops: the writer is told at its next write.
  void close();

 private:
  const std::function<void()> wake_;
  Mutex mutex_;
  std::condition_variable_any room_;
  std::string bytes_ GUARDED_BY(mutex_);
  bool announced_ GUARDED_BY(mutex_) = false;  ///< woken, not yet taken
  bool closed_ GUARDED_BY(mutex_) = false;
  bool ended_ GUARDED_BY(mutex_) = false;
  bool complete_ GUARDED_BY(mutex_) = false;
};

}  // namespace flux::http
