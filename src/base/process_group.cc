#include "base/process_group.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <utility>

// glibc 2.36 declares pidfd_open() without C linkage.
extern "C" {
#include <sys/pidfd.h>
}

namespace flux {
namespace {

constexpr int kGraceMilliseconds = 500;

/// Until the leader has ended; it stays a zombie, so that its number stays its own.
void wait_for_end(pid_t leader) {
  siginfo_t info;
  while (::waitid(P_PID, static_cast<id_t>(leader), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
}

int reap(pid_t leader) {
  int status = 0;
  while (::waitpid(leader, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Result<ProcessGroup> ProcessGroup::adopt(pid_t pid) {
  ProcessGroup group;
  group.leader_ = pid;
  group.ended_ = Descriptor(::pidfd_open(pid, 0));
  if (!group.ended_)
    return fail(ErrorKind::server, fmt::format("cannot watch a child process: {}", std::strerror(errno)));
  return group;
}

ProcessGroup::ProcessGroup(ProcessGroup&& other) noexcept
    : leader_(std::exchange(other.leader_, -1)), ended_(std::move(other.ended_)) {}

ProcessGroup& ProcessGroup::operator=(ProcessGroup&& other) noexcept {
  std::swap(leader_, other.leader_);
  std::swap(ended_, other.ended_);
  return *this;
}

int ProcessGroup::wait() {
  wait_for_end(leader_);
  ::kill(-leader_, SIGKILL);
  ended_.reset();
  return reap(std::exchange(leader_, -1));
}

/// SIGTERM first: git removes its lock files then.
void ProcessGroup::end() noexcept {
  if (leader_ < 0) return;
  ::kill(-leader_, SIGTERM);
  // Without a descriptor this is the whole pause.
  pollfd waiting{ended_.get(), POLLIN, 0};
  while (::poll(&waiting, 1, kGraceMilliseconds) < 0 && errno == EINTR) {
  }
  ::kill(-leader_, SIGKILL);
  wait();
}

}  // namespace flux
