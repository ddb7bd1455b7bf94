#include "base/descriptor.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace flux {
namespace {

struct Ring {
  int fd;
  void operator()() const { ::eventfd_write(fd, 1); }
};

int milliseconds_left(const Context& ctx) {
  if (!ctx.deadline()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*ctx.deadline() - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

}  // namespace

Result<void> wait_until_ready(const Context& ctx, int fd, short events) {
  const Descriptor stopped(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stopped) return fail(ErrorKind::server, "no file descriptor is left to wait with");
  const std::stop_callback ring(ctx.stop_token(), Ring{stopped.get()});
  while (true) {
    if (auto ok = ctx.check(); !ok) return ok;
    std::array<pollfd, 2> waiting{{{fd, events, 0}, {stopped.get(), POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), milliseconds_left(ctx));
    if (waiting[0].revents) return {};
  }
}

}  // namespace flux
