#pragma once

#include <memory>

#include "http/client.h"

/// What redirects mean (RFC 9110 15.4, and the Fetch standard for methods and credentials). Pure.
namespace flux::http {

/// Whether `answer` to a request with this policy is to be followed: 301, 302, 303, 307 or 308 with a Location.
[[nodiscard]] bool is_followed(const RedirectPolicy& policy, const ClientResponse& answer);

/// The request that follows. `own` is the client's own TLS profile, for requests that came with none.
/// A server error when the Location leads nowhere, or where the policy does not allow to go.
[[nodiscard]] Result<ClientRequest> redirected(ClientRequest request, const ClientResponse& answer,
                                               const std::shared_ptr<const TlsProfile>& own);

}  // namespace flux::http
