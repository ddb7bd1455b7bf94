#pragma once

#include <span>
#include <string>

#include "base/context.h"
#include "cluster/client.h"

namespace flux::cluster {

/// Waits until every CustomResourceDefinition in `names` (such as `widgets.example.org`) is established and the API
/// server answers for its objects. Polls, at first every 20 ms, then more slowly. Errors: cancelled when the context
/// ends first, saying which are missing; user when a definition's names are refused; missing when one does not exist.
Result<void> wait_established(const Bounded& ctx, Client& client, std::span<const std::string> names);

}  // namespace flux::cluster
