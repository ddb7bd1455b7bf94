#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/context.h"
#include "base/result.h"
#include "http/client.h"

namespace flux::cluster {

/// Moves requests to one API server; knows nothing of Kubernetes. The one seam of this folder: http::Client in the
/// program, a script in tests. Any thread may call.
class Transport {
 public:
  virtual ~Transport() = default;  ///< ends what is in flight, streams too, as cancelled

  /// Called exactly once, on a thread of the transport's or the caller's; must neither block nor call the transport.
  using Done = std::function<void(Result<http::ClientResponse>)>;
  virtual void start(const Bounded& ctx, http::ClientRequest request, Done done) = 0;

  /// A response without an end of its own. `on_data` gets bytes as they come, one call at a time, none after `done`.
  /// A status of 400 or more is given to `done` whole instead. Ends as that of http::Client::start_stream does. Neither
  /// callback may block.
  using OnData = std::function<bool(std::string_view)>;
  virtual void start_stream(const Context& ctx, http::ClientRequest request, OnData on_data, Duration idle_timeout,
                            Done done) = 0;
};

/// Makes a transport; called again when the client certificate has changed.
using Connect = std::function<Result<std::shared_ptr<Transport>>(http::ClientOptions)>;

/// A transport over http::Client.
Result<std::shared_ptr<Transport>> connect_http(http::ClientOptions options);

}  // namespace flux::cluster
