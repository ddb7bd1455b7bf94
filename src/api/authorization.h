#pragma once

#include "base/secret.h"
#include "http/message.h"

namespace flux::api {

/// Whether a request carries `token`, as `Authorization: Bearer T` or, as fluxctl has it, `Scope-Probe token=T`. Takes
/// the same time for every wrong token. An empty `token` lets nobody in.
[[nodiscard]] bool carries_token(const http::Headers& headers, const Secret& token);

}  // namespace flux::api
