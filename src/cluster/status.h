#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace flux::cluster {

/// Why the API server did not do as asked. Converts to a plain Error, so an ApiResult<T> is accepted as a
/// Result<T> (except for bool, where tl::expected forbids it).
struct ApiError : Error {
  int code = 0;           ///< HTTP status; 0 when there was no answer (connection, timeout, credentials)
  std::string reason;     ///< metav1.Status reason, such as `Conflict`, `Forbidden`, `Invalid`; may be empty
  bool too_long = false;  ///< there is an answer, of more than Call::max_answer
  /// Refused for nothing but fields that cannot be changed once the object exists (immutable.h).
  bool immutable = false;

  [[nodiscard]] bool not_found() const { return code == 404; }
  [[nodiscard]] bool conflict() const { return code == 409; }
  /// We may not; what is there is not known. Not so 401: then nobody knows who we are, and nothing can be concluded.
  [[nodiscard]] bool forbidden() const { return code == 403; }
  [[nodiscard]] bool unauthorized() const { return code == 401; }
  /// The resourceVersion or continue token is too old: list again.
  [[nodiscard]] bool gone() const { return code == 410; }
};

template <class T>
using ApiResult = tl::expected<T, ApiError>;

using ApiFailure = tl::unexpected<ApiError>;

/// An answer of 400 or more as an error: `<what>: <message of the Status object> (<causes not in the message>)`. `what`
/// names the object or path that was asked for. 404 becomes ErrorKind::missing, 400, 403, 409, 413 and 422 user, the
/// rest server. Never quotes a body that is not a Status object at length.
[[nodiscard]] ApiError decode_status(int code, std::string_view body, std::string_view what);

/// A success whose body is longer than `limit` bytes; `url` is that of the request, and made fit for a log.
[[nodiscard]] ApiError too_long(std::string_view what, const std::string& url, std::size_t limit);

/// No answer at all: a failure of transport or credentials, or the end of the context.
[[nodiscard]] ApiError no_answer(Error error, std::string_view what);

}  // namespace flux::cluster
