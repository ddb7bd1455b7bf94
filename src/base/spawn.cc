#include "base/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace flux {
namespace {

constexpr const char* kLimits =
    "Raise the limits of open files and of processes: `ulimit -n`, `ulimit -u`, that of the container (pids).";

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(ErrorKind::server, std::strerror(errno), kLimits);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

void set_nonblocking(const Descriptor& fd) { ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK); }

std::vector<char*> c_strings(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  // The C interface takes char* but does not write through it.
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));  // NOLINT
  out.push_back(nullptr);
  return out;
}

/// The search path is the child's own, as a shell would do it; posix_spawnp would use ours.
std::string find_program(const Command& command) {
  const auto& name = command.argv.front();
  if (name.find('/') != std::string::npos) return name;
  std::string path = "/usr/local/bin:/bin:/usr/bin";
  for (const auto& entry : command.env)
    if (entry.starts_with("PATH=")) path = entry.substr(5);
  for (std::size_t start = 0; start <= path.size();) {
    const auto end = std::min(path.find(':', start), path.size());
    auto candidate = path.substr(start, end - start) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    start = end + 1;
  }
  return name;
}

Failure cannot_run(const Command& command, int error) {
  const auto& program = command.argv.front();
  const bool exhausted = error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE;
  return fail(ErrorKind::server, fmt::format("cannot run {}: {}", program, std::strerror(error)),
              exhausted ? std::string(kLimits)
                        : fmt::format("Check that the program {} is installed and can be run.", program));
}

}  // namespace

Result<Spawned> spawn(const Command& command, bool with_stderr) {
  auto in = make_pipe();
  auto out = make_pipe();
  auto err = make_pipe();
  for (const auto* pipe : {&in, &out, &err})
    if (!*pipe) return wrap(pipe->error(), "running " + command.argv.front());

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, out->write.get(), STDOUT_FILENO);
  if (command.on_terminal) {
    posix_spawn_file_actions_addtcsetpgrp_np(&actions, STDIN_FILENO);
  } else {
    posix_spawn_file_actions_adddup2(&actions, in->read.get(), STDIN_FILENO);
    if (with_stderr)
      posix_spawn_file_actions_adddup2(&actions, err->write.get(), STDERR_FILENO);
    else
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  if (!command.cwd.empty()) posix_spawn_file_actions_addchdir_np(&actions, command.cwd.c_str());
  sigset_t none;
  sigset_t defaults;
  sigemptyset(&none);
  sigfillset(&defaults);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  pid_t pid = -1;
  const auto program = find_program(command);
  const auto argv = c_strings(command.argv);
  const auto env = c_strings(command.env);
  const int error = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, argv.data(), env.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return cannot_run(command, error);
  auto group = ProcessGroup::adopt(pid);
  if (!group) return wrap(group.error(), "running " + command.argv.front());
  Spawned child;
  child.group = std::move(*group);
  child.in = std::move(in->write);
  child.out = std::move(out->read);
  if (with_stderr) child.err = std::move(err->read);
  set_nonblocking(child.in);
  set_nonblocking(child.out);
  if (child.err) set_nonblocking(child.err);
  return child;
}

}  // namespace flux
