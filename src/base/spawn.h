#pragma once

#include "base/descriptor.h"
#include "base/process.h"
#include "base/process_group.h"
#include "base/result.h"

namespace flux {

/// A program that has been started, with our ends of its pipes, which do not block.
struct Spawned {
  Descriptor in{};
  Descriptor out{};
  Descriptor err{};      ///< none unless it was asked for
  ProcessGroup group{};  ///< ended before the pipes are closed, so that it hears SIGTERM first
};

/// Starts a program in a process group of its own, with default signals and no descriptor but its three streams. With
/// Command::on_terminal that group gets the terminal; the caller takes it back. Server
/// error when it cannot be run, or when there are no file descriptors or processes left. Any thread.
Result<Spawned> spawn(const Command& command, bool with_stderr);

}  // namespace flux
