#pragma once

#include "http/server.h"
#include "sandbox/objects.h"
#include "sandbox/view.h"

namespace flux::sandbox {

/// Reading requests and writing responses: what every operation needs of HTTP.

[[nodiscard]] http::ServerResponse json_response(int status, std::string body);
[[nodiscard]] http::ServerResponse refused(const Status& status);
[[nodiscard]] http::ServerResponse no_such_path();
[[nodiscard]] http::ServerResponse method_not_allowed();

/// The object in the form the client wants, with its warnings.
[[nodiscard]] http::ServerResponse shown(const http::ServerRequest& request, const Kind& kind, const Written& written);
[[nodiscard]] View view_of(const http::ServerRequest& request);

/// The body as JSON; YAML is read too.
[[nodiscard]] Answer<Json> body_of(const http::ServerRequest& request);
/// The media type without parameters.
[[nodiscard]] std::string content_type(const http::ServerRequest& request);

[[nodiscard]] std::string query(const http::ServerRequest& request, std::string_view name);
[[nodiscard]] Answer<WriteOptions> write_options(const http::ServerRequest& request);
[[nodiscard]] Answer<DeleteOptions> delete_options(const http::ServerRequest& request);
[[nodiscard]] Answer<Selector> selector_of(const Target& target, const http::ServerRequest& request);

}  // namespace flux::sandbox
