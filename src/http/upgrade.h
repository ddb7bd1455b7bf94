#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/byte_stream.h"
#include "http/client.h"

namespace flux::http {

/// Why a server did not switch to another protocol. With a status it answered, and went on speaking HTTP; without one
/// it was not reached or said nothing sensible.
struct UpgradeError : Error {
  int status = 0;
  std::string body;  ///< as the server sent it, 64 KiB at most; may hold anything
};

template <class T>
using UpgradeResult = tl::expected<T, UpgradeError>;

struct UpgradeRequest {
  std::string method = "GET";
  std::string url;
  Headers headers;       ///< never credentials; `Upgrade` among them, `Connection: Upgrade` is added
  Secret authorization;  ///< value of the Authorization header; empty: none
};

/// What is left when HTTP has had its say.
struct Upgraded {
  Headers headers;  ///< of the answer
  std::unique_ptr<ByteStream> stream;
};

/// Connects, sends the request and reads the answer's header.
UpgradeResult<Upgraded> upgrade(const Bounded& ctx, const UpgradeRequest& request, ClientOptions options);

/// The head of a response, without the empty line that ends it; nullopt when it is none. Pure.
[[nodiscard]] std::optional<ClientResponse> parse_response_head(std::string_view head);

/// Takes the chunked coding off as far as `body` goes; malformed parts end it. Pure.
[[nodiscard]] std::string join_chunks(std::string_view body);

}  // namespace flux::http
