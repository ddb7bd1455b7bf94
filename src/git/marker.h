#pragma once

#include <string>

#include "git/mirror.h"
#include "git/repository.h"

namespace flux::git {

/// Who makes commits and tags, and with which key. An empty key means unsigned.
struct Identity {
  std::string user;
  std::string email;
  std::string signing_key;
};

/// The commit that the sync tag points to (compat/daemon.md 2.8); empty: never synced. With `verify` the tag must be
/// annotated and carry a good signature, else an error.
Result<std::string> read_marker(const Bounded& ctx, const Repository& repository, const std::string& tag, bool verify);

/// Moves the sync tag to `revision`, here and upstream: annotated, message `Sync pointer`, pushed alone and by force.
/// When the push fails the tag stays where it was here, too. Has the mirror's fetch timeout from when no fetch is in
/// the way; `ctx` should only bring the stop and an outer deadline. Errors begin with `writing tag T:`.
Result<void> write_marker(const Context& ctx, Mirror& mirror, const std::string& tag, const std::string& revision,
                          const Identity& identity);

}  // namespace flux::git
