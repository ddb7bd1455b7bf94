#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/process.h"
#include "base/result.h"
#include "base/secret.h"
#include "git/failure.h"
#include "git/url.h"

namespace flux::git {

/// What a command is for: only one that talks to the remote gets to know its credentials.
enum class Access { local, remote };

/// Runs the git executable as compat/daemon.md 2.4 wants it, and safer: in a process group of its own under the
/// context's deadline, with a cleared environment (C locale, no prompts, a fixed PATH), hooks off, no submodules, no
/// automatic maintenance and only the transports file, git, http, https and ssh. `~/.gitconfig` applies.
/// Credentials of an HTTP URL reach git through its environment: they are neither on a command line nor on disk.
/// A value, any thread.
class Git {
 public:
  Git();  ///< for work without a remote
  /// May talk to `url`, whose secrets are scrubbed from all output. Over ssh with `ssh_identity`, a private key, before
  /// all others (git/ssh_key.h); empty: as ssh's own configuration says.
  explicit Git(const Url& url, const std::filesystem::path& ssh_identity = {});

  /// The remote's address for a command line; empty without one.
  [[nodiscard]] const std::string& remote() const { return remote_; }

  /// Runs `git ARGS` in `dir` and returns its standard output. Errors: `cancelled` with
  /// `running git command: git [ARGS]: context deadline exceeded`; `server` with the first fatal line, then
  /// `, full output:` and all of it, when git ends with another status than 0. All with their kind and its help.
  GitResult<std::string> run(const Bounded& ctx, const std::filesystem::path& dir, Access access,
                             const std::vector<std::string>& args, std::string input = {}) const;

  /// The same, but every exit status is an answer. Standard output is as git wrote it, standard error is scrubbed.
  GitResult<Exit> attempt(const Bounded& ctx, const std::filesystem::path& dir, Access access,
                          const std::vector<std::string>& args, std::string input = {}) const;

  /// The error for a command that ended with another status than 0, as run() gives it.
  [[nodiscard]] GitError failure(const std::vector<std::string>& args, const Exit& exit) const;

  /// The process itself: for long-lived children and for tests.
  [[nodiscard]] Command command(const std::filesystem::path& dir, Access access,
                                const std::vector<std::string>& args) const;

  [[nodiscard]] const std::vector<Secret>& secrets() const { return secrets_; }

 private:
  std::string remote_;
  std::vector<Secret> secrets_;
  std::vector<Secret> credentials_;  ///< `NAME=value` for the environment of who has Access::remote
};

/// The environment every child of this folder gets: those of the names in compat/daemon.md 2.4 that are set, a fixed
/// PATH and the C locale. Proxies: HTTPS_PROXY is passed on, HTTP_PROXY deliberately is not.
[[nodiscard]] std::vector<std::string> child_environment();

/// The line of git's output that says what went wrong: the first that begins with `fatal: `, `ERROR fatal: ` or
/// `error:` (this prefix cut off). Empty when there is none.
[[nodiscard]] std::string find_error_line(std::string_view output);

}  // namespace flux::git
