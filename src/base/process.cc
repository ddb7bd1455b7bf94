#include "base/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

// glibc 2.36 declares pidfd_open() without C linkage.
extern "C" {
#include <sys/pidfd.h>
}

namespace flux {
namespace {

constexpr Duration kGrace = std::chrono::milliseconds(500);

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(ErrorKind::server, fmt::format("pipe: {}", std::strerror(errno)));
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

void set_nonblocking(const Descriptor& fd) { ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK); }

struct Spawned {
  pid_t pid = -1;
  Descriptor in, out, err;
};

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

Result<Spawned> spawn(const Command& command, bool with_stderr) {
  auto in = make_pipe();
  auto out = make_pipe();
  auto err = make_pipe();
  if (!in) return Failure(in.error());
  if (!out) return Failure(out.error());
  if (!err) return Failure(err.error());

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, in->read.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out->write.get(), STDOUT_FILENO);
  if (with_stderr)
    posix_spawn_file_actions_adddup2(&actions, err->write.get(), STDERR_FILENO);
  else
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
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

  Spawned child;
  const auto program = find_program(command);
  const auto argv = c_strings(command.argv);
  const auto env = c_strings(command.env);
  const int error = ::posix_spawn(&child.pid, program.c_str(), &actions, &attributes, argv.data(), env.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0)
    return fail(ErrorKind::server, fmt::format("cannot run {}: {}", command.argv.front(), std::strerror(error)),
                fmt::format("Check that the program {} is installed and can be run.", command.argv.front()));
  child.in = std::move(in->write);
  child.out = std::move(out->read);
  if (with_stderr) child.err = std::move(err->read);
  set_nonblocking(child.in);
  set_nonblocking(child.out);
  if (child.err) set_nonblocking(child.err);
  return child;
}

/// Wakes a poll() when the context is stopped.
class StopWake {
 public:
  explicit StopWake(const Bounded& ctx)
      : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), callback_(ctx.stop_token(), Ring{event_.get()}) {}
  [[nodiscard]] int fd() const { return event_.get(); }

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

int reap(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool ends_within(int pidfd, Duration limit) {
  pollfd waiting{pidfd, POLLIN, 0};
  return ::poll(&waiting, 1, poll_timeout(Clock::now() + limit)) > 0;
}

/// SIGTERM first: git removes its lock files then.
void end_group(pid_t pid, int pidfd) {
  ::kill(-pid, SIGTERM);
  if (!ends_within(pidfd, kGrace)) ::kill(-pid, SIGKILL);
  reap(pid);
  ::kill(-pid, SIGKILL);
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

// A child that ends without reading its input must not end us.
const bool kSigpipeIgnored = [] { return ::signal(SIGPIPE, SIG_IGN) != SIG_ERR; }();

}  // namespace

Result<Exit> run(const Bounded& ctx, const Command& command) {
  if (auto ok = ctx.check(); !ok) return Failure(ok.error());
  auto child = spawn(command, true);
  if (!child) return Failure(child.error());
  const Descriptor pidfd(::pidfd_open(child->pid, 0));
  const StopWake stop(ctx);
  Exit exit;
  std::string_view input = command.input;
  if (input.empty()) child->in.reset();

  while (true) {
    std::array<pollfd, 5> waiting{{{child->out.get(), POLLIN, 0},
                                   {child->err.get(), POLLIN, 0},
                                   {child->in.get(), POLLOUT, 0},
                                   {stop.fd(), POLLIN, 0},
                                   {pidfd.get(), POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), poll_timeout(ctx.deadline()));
    if (auto ok = ctx.check(); !ok) {
      end_group(child->pid, pidfd.get());
      return Failure(ok.error());
    }
    if (waiting[0].revents && !drain(child->out, exit.out)) child->out.reset();
    if (waiting[1].revents && !drain(child->err, exit.err)) child->err.reset();
    if (waiting[2].revents && (!feed(child->in, input) || input.empty())) child->in.reset();
    if (exit.out.size() > command.max_output || exit.err.size() > command.max_output) {
      end_group(child->pid, pidfd.get());
      return fail(ErrorKind::server,
                  fmt::format("{} printed more than {} bytes", command.argv.front(), command.max_output));
    }
    const bool ended = waiting[4].revents != 0;
    const bool silent = !(waiting[0].revents & POLLIN) && !(waiting[1].revents & POLLIN);
    // A grandchild may hold the pipes open for ever; once the child has ended, what is in them is all we wait for.
    if (ended && silent) break;
  }
  exit.status = reap(child->pid);
  ::kill(-child->pid, SIGKILL);
  return exit;
}

Result<Child> Child::start(const Command& command) {
  auto spawned = spawn(command, false);
  if (!spawned) return Failure(spawned.error());
  Child child;
  child.pid_ = spawned->pid;
  child.in_ = std::move(spawned->in);
  child.out_ = std::move(spawned->out);
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), in_(std::move(other.in_)), out_(std::move(other.out_)) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  in_ = std::move(other.in_);
  out_ = std::move(other.out_);
  return *this;
}

Child::~Child() { end(); }

void Child::end() noexcept {
  if (pid_ < 0) return;
  in_.reset();
  out_.reset();
  const Descriptor pidfd(::pidfd_open(pid_, 0));
  end_group(pid_, pidfd.get());
  pid_ = -1;
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
