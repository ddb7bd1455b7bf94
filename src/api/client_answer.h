#pragma once

#include <string>

#include "api/client.h"
#include "http/client.h"

/// What answers mean to a client. Pure (compat/api.md 9, fluxctl.md 1.6).
namespace flux::api {

/// The body of a successful answer as JSON, null when it has none; otherwise why the call failed.
[[nodiscard]] CallResult<Json> read_answer(const http::ClientResponse& response);

/// For a call that got no answer: what Go's client says, with the address that was asked. `what` is how the transport
/// begins its message.
[[nodiscard]] CallError no_answer(const std::string& method, const std::string& url, Error error);

/// For an answer whose JSON is not what was expected.
[[nodiscard]] CallError undecodable(Error error);

}  // namespace flux::api
