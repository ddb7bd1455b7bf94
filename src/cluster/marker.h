#pragma once

#include <string>
#include <string_view>

#include "base/context.h"
#include "cluster/client.h"

namespace flux::cluster {

/// The sync marker in a Secret's annotation `flux.weave.works/sync-hwm` (compat/daemon.md 2.9).
/// Reads it; an annotation that does not exist is first created empty. A missing secret is an error of kind missing.
/// Only the secret's metadata is asked for, never its data.
Result<std::string> read_sync_marker(const Bounded& ctx, Client& client, std::string_view ns, std::string_view secret);
Result<void> write_sync_marker(const Bounded& ctx, Client& client, std::string_view ns, std::string_view secret,
                               std::string_view revision);

}  // namespace flux::cluster
