#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/server.h"

namespace flux::http {

/// How a response is sent, as far as its request and connection decide it.
struct Framing {
  bool keep_alive = true;
  bool http10 = false;
  bool chunked = false;
  std::optional<std::size_t> length;  ///< Content-Length, when there is one
};

/// The status line and header fields up to the empty line. Line breaks in values become spaces, so that no handler can
/// be tricked into sending a header of the client's choice. Pure, but for the date.
[[nodiscard]] std::string response_head(int status, const Headers& headers, const Framing& framing);

/// `Not Found` for 404; `Unknown` for a status that has no name here.
[[nodiscard]] std::string_view reason_phrase(int status);

/// 1xx, 204 and 304 have no body, not even an empty one.
[[nodiscard]] bool may_have_body(int status);

/// `bytes` as one chunk of a chunked body; not for empty bytes, which would end it.
[[nodiscard]] std::string chunk(std::string_view bytes);

}  // namespace flux::http
