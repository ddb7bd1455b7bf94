#pragma once

#include <optional>
#include <string>

#include "git/local_repository.h"

namespace flux::git {

/// Points a ref of the copy to that id, or removes it.
inline GitResult<void> set_ref(const Bounded& ctx, const LocalRepository& repository, const std::string& ref,
                               const std::optional<std::string>& id) {
  auto args = id ? std::vector<std::string>{"update-ref", ref, *id} : std::vector<std::string>{"update-ref", "-d", ref};
  auto done = repository.git().run(ctx, repository.dir(), Access::local, args);
  if (!done) return tl::unexpected(done.error());
  return {};
}

}  // namespace flux::git
