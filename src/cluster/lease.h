#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/context.h"
#include "base/duration.h"
#include "base/timestamp.h"
#include "cluster/client.h"

namespace flux::cluster {

/// A Lease of coordination.k8s.io/v1, as far as who competes for it needs it.
struct Lease {
  std::string holder;   ///< empty: given up
  Duration lasts{};     ///< from the holder's last renewal on
  std::string version;  ///< its resourceVersion: another one means that somebody has written it
};

/// Nothing when it does not exist.
[[nodiscard]] ApiResult<std::optional<Lease>> read_lease(const Bounded& ctx, Client& client, std::string_view ns,
                                                         std::string_view name);

/// Writes who holds it, from now on; `now` is for people and other programs. Makes it where `lease.version` is empty.
/// 409 when somebody else was faster.
[[nodiscard]] ApiResult<Lease> write_lease(const Bounded& ctx, Client& client, std::string_view ns,
                                           std::string_view name, const Lease& lease, Timestamp now);

}  // namespace flux::cluster
