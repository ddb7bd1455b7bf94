#include "git/mirror.h"

#include <fmt/format.h>

#include <array>

namespace flux::git {

std::string_view to_string(MirrorState state) {
  static constexpr std::array<std::string_view, 5> kNames{"unconfigured", "new", "unreachable", "cloned", "ready"};
  return kNames.at(static_cast<std::size_t>(state));
}

Error MirrorStatus::not_ready() const {
  if (state == MirrorState::unconfigured)
    return {ErrorKind::user, "git repo does not have valid config",
            "Tell fluxd with --git-url which repository to follow."};
  return {ErrorKind::user, fmt::format("git repo not ready: {}", message()), error ? error->help : std::string()};
}

}  // namespace flux::git
