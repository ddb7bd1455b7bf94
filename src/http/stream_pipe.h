#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

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
  std::mutex mutex_;
  std::condition_variable room_;
  std::string bytes_;       ///< guarded by mutex_, as all below
  bool announced_ = false;  ///< woken, not yet taken
  bool closed_ = false;
  bool ended_ = false;
  bool complete_ = false;
};

}  // namespace flux::http
