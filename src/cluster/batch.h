#pragma once

#include <cstddef>
#include <functional>

#include "base/context.h"
#include "cluster/client.h"
#include "cluster/session.h"

namespace flux::cluster {

/// Sends `count` calls with many in flight, each tried again as retry.h says. `make(i)` is called just before call i is
/// first sent, `done(i, ...)` once with its outcome; both on the caller's thread. Returns when all are done. At the
/// context's end what is in flight is abandoned and the rest is not sent: `cancelled`.
void run_batch(const Bounded& ctx, Session& session, const ClientOptions& options, std::size_t count,
               const std::function<Call(std::size_t)>& make, const Client::Answered& done);

}  // namespace flux::cluster
