#include "base/process.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/spawn.h"

namespace flux {
namespace {

/// Wakes a poll() when the context is stopped.
class StopWake {
 public:
  explicit StopWake(const Bounded& ctx)
      : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), callback_(ctx.stop_token(), Ring{event_.get()}) {}
  [[nodiscard]] int fd() const { return event_.get(); }  ///< -1 when no descriptor is left

 private:
  struct Ring {
    int fd;
    void operator()() const { ::eventfd_write(fd, 1); }
  };
  Descriptor event_;
  std::stop_callback<Ring> callback_;
};

int poll_timeout(std::optional<Clock::time_point> deadline) {
  if (!deadline) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

/// Reads what is there. False at the end of the stream.
bool drain(const Descriptor& fd, std::string& into) {
  std::array<char, 65536> chunk;
  const auto count = ::read(fd.get(), chunk.data(), chunk.size());
  if (count > 0) into.append(chunk.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

/// Writes what fits and cuts it off `rest`. False when the reader is gone, which is its good right.
bool feed(const Descriptor& fd, std::string_view& rest) {
  const auto count = ::write(fd.get(), rest.data(), rest.size());
  if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
  return count >= 0 || errno == EAGAIN || errno == EINTR;
}

/// Takes the terminal back from a child that had it.
class TerminalBack {
 public:
  explicit TerminalBack(bool lent) : ours_(lent ? ::getpgrp() : -1) {}
  TerminalBack(const TerminalBack&) = delete;
  TerminalBack& operator=(const TerminalBack&) = delete;
  ~TerminalBack() {
    if (ours_ < 0) return;
    // Who does that from the background is stopped, unless the signal is blocked.
    sigset_t output;
    sigset_t before;
    sigemptyset(&output);
    sigaddset(&output, SIGTTOU);
    ::pthread_sigmask(SIG_BLOCK, &output, &before);
    ::tcsetpgrp(STDIN_FILENO, ours_);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

 private:
  pid_t ours_;
};

// A child that ends without reading its input must not end us.
const bool kSigpipeIgnored = [] { return ::signal(SIGPIPE, SIG_IGN) != SIG_ERR; }();

}  // namespace

Result<Exit> run(const Bounded& ctx, const Command& command) {
  if (auto ok = ctx.check(); !ok) return Failure(ok.error());
  const StopWake stop(ctx);
  if (stop.fd() < 0)
    return fail(ErrorKind::server, fmt::format("running {}: no file descriptor is left", command.argv.front()),
                "Raise the limit of open files: `ulimit -n`, or that of the service.");
  const TerminalBack back(command.on_terminal);  // after the child has ended
  auto child = spawn(command, true);
  if (!child) return Failure(child.error());
  Exit exit;
  std::string_view input = command.input;
  if (input.empty()) child->in.reset();

  while (true) {
    std::array<pollfd, 5> waiting{{{child->out.get(), POLLIN, 0},
                                   {child->err.get(), POLLIN, 0},
                                   {child->in.get(), POLLOUT, 0},
                                   {stop.fd(), POLLIN, 0},
                                   {child->group.leader_ended(), POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), poll_timeout(ctx.deadline()));
    if (auto ok = ctx.check(); !ok) return Failure(ok.error());
    if (waiting[0].revents && !drain(child->out, exit.out)) child->out.reset();
    if (waiting[1].revents && !drain(child->err, exit.err)) child->err.reset();
    if (waiting[2].revents && (!feed(child->in, input) || input.empty())) child->in.reset();
    if (command.on_output && !exit.out.empty()) {
      command.on_output(exit.out);
      exit.out.clear();
    }
    if (exit.out.size() > command.max_output || exit.err.size() > command.max_output)
      return fail(ErrorKind::server,
                  fmt::format("{} printed more than {} bytes", command.argv.front(), command.max_output));
    const bool ended = waiting[4].revents != 0;
    const bool silent = !(waiting[0].revents & POLLIN) && !(waiting[1].revents & POLLIN);
    // A grandchild may hold the pipes open for ever; once the child has ended, what is in them is all we wait for.
    if (ended && silent) break;
  }
  exit.status = child->group.wait();
  return exit;
}

Result<Child> Child::start(const Command& command) {
  auto spawned = spawn(command, false);
  if (!spawned) return Failure(spawned.error());
  Child child;
  child.group_ = std::move(spawned->group);
  child.in_ = std::move(spawned->in);
  child.out_ = std::move(spawned->out);
  return child;
}

Result<void> Child::write(const Bounded& ctx, std::string_view bytes) {
  while (!bytes.empty()) {
    if (auto ok = wait_until_ready(ctx, in_.get(), POLLOUT); !ok) return ok;
    const auto count = ::write(in_.get(), bytes.data(), bytes.size());
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    if (count < 0 && errno != EAGAIN && errno != EINTR)
      return fail(ErrorKind::server, fmt::format("writing to child: {}", std::strerror(errno)));
  }
  return {};
}

Result<void> Child::read(const Bounded& ctx, std::string& buffer) {
  while (true) {
    if (auto ok = wait_until_ready(ctx, out_.get(), POLLIN); !ok) return ok;
    std::array<char, 65536> chunk;
    const auto count = ::read(out_.get(), chunk.data(), chunk.size());
    if (count > 0) {
      buffer.append(chunk.data(), static_cast<std::size_t>(count));
      return {};
    }
    if (count == 0) return fail(ErrorKind::server, "child ended its output");
    if (errno != EAGAIN && errno != EINTR)
      return fail(ErrorKind::server, fmt::format("reading from child: {}", std::strerror(errno)));
  }
}

std::vector<std::string> inherit(const std::vector<std::string>& names) {
  std::vector<std::string> env;
  for (const auto& name : names)
    if (const char* value = ::getenv(name.c_str())) env.push_back(name + "=" + value);
  return env;
}

}  // namespace flux
