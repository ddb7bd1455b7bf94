#include "http/stream_pipe.h"

#include <algorithm>
#include <utility>

namespace flux::http {

bool StreamPipe::write(std::string_view bytes) {
  while (!bytes.empty()) {
    bool announce = false;
    {
      MutexLock lock(mutex_);
      room_.wait(lock, [this]() REQUIRES(mutex_) { return closed_ || bytes_.size() < kCapacity; });
      if (closed_) return false;
      const auto part = bytes.substr(0, kCapacity - bytes_.size());
      bytes_.append(part);
      bytes.remove_prefix(part.size());
      announce = !std::exchange(announced_, true);
    }
    if (announce) wake_();
  }
  const MutexLock lock(mutex_);
  return !closed_;
}

void StreamPipe::finish(End end) {
  {
    const MutexLock lock(mutex_);
    ended_ = true;
    complete_ = end == End::complete;
    announced_ = true;
  }
  wake_();
}

StreamPipe::Taken StreamPipe::take() {
  Taken taken;
  {
    const MutexLock lock(mutex_);
    taken = {std::exchange(bytes_, {}), ended_, complete_};
    announced_ = false;
  }
  room_.notify_one();
  return taken;
}

void StreamPipe::close() {
  {
    const MutexLock lock(mutex_);
    closed_ = true;
  }
  room_.notify_one();
}

}  // namespace flux::http
