#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/descriptor.h"
#include "base/process_group.h"
#include "base/result.h"

namespace flux {

/// A program to run. `argv[0]` is looked up in PATH of `env`, or in the system's default path without one.
/// The child gets exactly `env`, so nothing of ours leaks into it by accident.
struct Command {
  std::vector<std::string> argv;
  std::vector<std::string> env;                    ///< `NAME=value`
  std::filesystem::path cwd;                       ///< empty: ours
  std::string input;                               ///< standard input
  std::size_t max_output = std::size_t{64} << 20;  ///< bytes of each stream; a child that prints more is ended
  /// For run(): takes standard output as it comes, however much that is, in place of Exit::out. On the caller's thread.
  std::function<void(std::string_view)> on_output{};
  /// For run(): the child has our terminal while it runs, as one that a shell starts: it reads our standard input and
  /// writes to our standard error. Standard input has to be a terminal that is ours at the moment.
  bool on_terminal = false;
};

struct Exit {
  int status = 0;  ///< exit status, or 128 + signal as a shell says it
  std::string out;
  std::string err;
};

/// Runs a program in its own process group until it has ended and its output is read. When the context ends first the
/// whole group gets SIGTERM, half a second later SIGKILL, and the error is the context's (`cancelled`).
/// An exit status other than 0 is not an error. Any thread.
Result<Exit> run(const Bounded& ctx, const Command& command);

/// A long-lived child that is spoken to over pipes, ended with its whole group by the destructor. One thread at a time.
class Child {
 public:
  static Result<Child> start(const Command& command);

  Result<void> write(const Bounded& ctx, std::string_view bytes);
  /// Appends at least one byte to `buffer`. The end of the stream is a server error.
  Result<void> read(const Bounded& ctx, std::string& buffer);

 private:
  Child() = default;

  ProcessGroup group_;  // ended after the pipes are closed
  Descriptor in_;
  Descriptor out_;
};

/// `NAME=value` for those of `names` that are set in our own environment.
[[nodiscard]] std::vector<std::string> inherit(const std::vector<std::string>& names);

}  // namespace flux
