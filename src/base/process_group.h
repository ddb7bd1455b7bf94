#pragma once

#include <sys/types.h>

#include "base/descriptor.h"
#include "base/result.h"

namespace flux {

/// A child of ours that leads a process group, and that group. Its number is used for signals only as long as the
/// leader has not been reaped: from then on the system may give it to a stranger. One thread at a time.
class ProcessGroup {
 public:
  /// Takes over the leader `pid`; nobody else may wait for it. A server error when no file descriptor is left, and then
  /// the group has been ended.
  static Result<ProcessGroup> adopt(pid_t pid);

  ProcessGroup() = default;  ///< none
  ProcessGroup(ProcessGroup&& other) noexcept;
  ProcessGroup& operator=(ProcessGroup&& other) noexcept;
  ProcessGroup(const ProcessGroup&) = delete;
  ProcessGroup& operator=(const ProcessGroup&) = delete;
  ~ProcessGroup() { end(); }

  /// For poll(2): readable once the leader has ended.
  [[nodiscard]] int leader_ended() const { return ended_.get(); }
  /// Waits for the leader to end by itself and kills what it left of its group. Its exit status, or 128 + signal.
  int wait();
  /// SIGTERM, half a second later SIGKILL to the whole group; then as wait(). Nothing without a group.
  void end() noexcept;

 private:
  pid_t leader_ = -1;
  Descriptor ended_;
};

}  // namespace flux
