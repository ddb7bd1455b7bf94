#include "cli/menu/terminal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace flux::cli {
namespace {

constexpr std::string_view kShowCursor = "\x1b[?25h";

Failure terminal_failed(std::string_view what) {
  return fail(ErrorKind::server, fmt::format("cannot {} the terminal: {}", what, std::strerror(errno)),
              "Nothing was released.");
}

}  // namespace

Result<Terminal> Terminal::open(const std::string& path) {
  // Not waiting on it is for this descriptor only: that of our shell is another one.
  Descriptor device(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (device && ::isatty(device.get()) == 1) return Terminal(std::move(device));
  return fail(ErrorKind::user, fmt::format("--interactive needs a terminal: {}: {}", path, std::strerror(errno)),
              "In a script choose with --workload and --exclude. --dry-run shows what would be released.");
}

TerminalSize Terminal::size() const {
  winsize size{};
  if (::ioctl(device_.get(), TIOCGWINSZ, &size) != 0) return {};
  return {size.ws_row, size.ws_col};
}

Result<std::string> Terminal::read(const Bounded& ctx) {
  if (!wait_until_ready(ctx, device_.get(), POLLIN)) return std::string();
  std::array<char, 256> buffer{};
  const auto size = ::read(device_.get(), buffer.data(), buffer.size());
  if (size > 0) return std::string(buffer.data(), static_cast<std::size_t>(size));
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return std::string();
  if (size == 0) errno = EIO;
  return terminal_failed("read from");
}

Result<void> Terminal::write(const Bounded& ctx, std::string_view text) {
  while (!text.empty()) {
    const auto size = ::write(device_.get(), text.data(), text.size());
    if (size > 0)
      text.remove_prefix(static_cast<std::size_t>(size));
    else if (errno != EAGAIN && errno != EINTR)
      return terminal_failed("write to");
    else if (auto ready = wait_until_ready(ctx, device_.get(), POLLOUT); !ready)
      return ready;
  }
  return {};
}

Result<RawMode> RawMode::enter(Terminal& terminal) {
  const int device = terminal.device_.get();
  termios before{};
  if (::tcgetattr(device, &before) != 0) return terminal_failed("set up");
  auto raw = before;
  // New lines are still written as usual.
  raw.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IGNCR | ISTRIP | IXON);
  raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  // At once: to wait until all is written would be without end on a terminal that was stopped with ctrl-s.
  if (::tcsetattr(device, TCSANOW, &raw) != 0) return terminal_failed("set up");
  // What was typed before there was anything to see means something else.
  ::tcflush(device, TCIFLUSH);
  return RawMode(device, before);
}

RawMode::~RawMode() {
  if (device_ < 0) return;
  // A terminal that takes neither has gone.
  [[maybe_unused]] const auto shown = ::write(device_, kShowCursor.data(), kShowCursor.size());
  ::tcsetattr(device_, TCSANOW, &before_);
}

}  // namespace flux::cli
