#pragma once

#include <string>

#include "git/mirror.h"
#include "git/repository.h"

namespace flux::git {

/// The commit that the sync tag points to (compat/daemon.md 2.8); empty: never synced. With `verify` the tag must be
/// annotated and carry a good signature, else an error.
Result<std::string> read_marker(const Bounded& ctx, const Repository& repository, const std::string& tag, bool verify);

/// Moves the sync tag to `revision`, here and upstream: annotated, message `Sync pointer`, as Mirror::move_tag() says.
/// Errors begin with `writing tag T:`.
Result<void> write_marker(const Context& ctx, Mirror& mirror, const std::string& tag, const std::string& revision,
                          const Identity& identity);

}  // namespace flux::git
