#pragma once

#include "base/secret.h"
#include "http/server.h"
#include "images/hooks/source.h"

namespace flux::images {

/// Whether a notification carries `secret`. Senders differ in what they let a user set, so it may come in any of these
/// places: `Authorization` (bare, which is Harbor's way, as `Bearer SECRET`, or as the password of Basic), `?token=` of
/// the address, and from GitHub as the key of `X-Hub-Signature-256`, an HMAC of the body. Takes the same time for every
/// wrong secret. An empty `secret` lets nobody in.
[[nodiscard]] bool carries_secret(const http::ServerRequest& request, HookSource source, const Secret& secret);

}  // namespace flux::images
