#pragma once

#include <string_view>

#include "base/result.h"

namespace flux::git {

/// Why git could not do something, as far as it matters for what happens next or for what a user can do.
enum class GitFailure {
  unknown_host,      ///< its name could not be resolved
  unreachable,       ///< it does not answer, breaks the connection or says that it cannot serve now
  untrusted_host,    ///< its ssh key or certificate is not one that we know
  access_denied,     ///< it does not know us, or does not let us do this
  not_found,         ///< it has no such repository, or does not show it to us
  not_fast_forward,  ///< a push was rejected because the ref has moved there meanwhile
  no_atomic_push,    ///< it cannot take several refs as one
  protected_ref,     ///< a push was rejected because of rules for this ref
  declined,          ///< a push was rejected for another reason, such as a hook
  remote_damaged,    ///< its repository lacks objects that its refs name
  missing_ref,       ///< the remote has no ref of this name
  damaged,           ///< something in our own copy seems to be missing or broken; only a full check tells for sure
  other_format,      ///< our own copy has ids of another kind (SHA-1, SHA-256) than the remote
  locked,            ///< a lock file in our own copy is in the way: a git that was killed left it behind
  unwritable,        ///< our own copy, or what it lies on, does not take what is written
  disk_full,         ///< here, or at the remote
  timed_out,         ///< our deadline, or git's own
  not_run,           ///< nobody heard it out: no process, descriptor or memory was left here, or there is no git
  other,
};

/// Told by what git 2.39 and ssh print on standard error in the C locale, and the servers of forges through them. What
/// the remote says (`remote: ...`) is only believed about itself. The one place that looks at these texts.
[[nodiscard]] GitFailure classify(std::string_view standard_error);

/// What the user can do about it, for Error::help; empty for `other`.
[[nodiscard]] std::string_view help_for(GitFailure failure);

/// Whose fault a failed fetch is, as far as its kind tells. `remote` is also what else no other copy would mend.
enum class Blame { remote, copy, unknown };
[[nodiscard]] Blame blame_of(GitFailure failure);

/// An error of git that still knows its kind; becomes a plain Error where nobody asks for that.
struct GitError : Error {
  GitError(Error error, GitFailure why = GitFailure::other)  // NOLINT(google-explicit-constructor)
      : Error(std::move(error)), failure(why) {}
  GitFailure failure;
};

template <class T>
using GitResult = tl::expected<T, GitError>;

/// The same error with `context: ` before its message, as flux::wrap().
inline tl::unexpected<GitError> wrap(GitError error, std::string_view context) {
  error.message.insert(0, std::string(context) + ": ");
  return tl::unexpected<GitError>(std::move(error));
}

}  // namespace flux::git
