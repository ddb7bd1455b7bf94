#pragma once

#include <unistd.h>

#include <utility>

#include "base/context.h"
#include "base/result.h"

namespace flux {

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  void reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// Waits until poll(2) reports one of `events`, an error or a hang-up on `fd`. `cancelled` when the context ends first,
/// at once after a stop. Any thread, also several for one descriptor.
Result<void> wait_until_ready(const Context& ctx, int fd, short events);

}  // namespace flux
