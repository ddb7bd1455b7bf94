#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace flux::http {

/// What the client must know of a URL before it hands it to curl.
struct Url {
  std::string scheme;  ///< lower case
  std::string host;    ///< an IPv6 address keeps its brackets
  std::uint16_t port = 0;
  Secret password;      ///< of the user-info part
  std::string display;  ///< for messages: without user-info, query and fragment

  /// `scheme://host:port`: requests to one origin share connections.
  [[nodiscard]] std::string origin() const { return scheme + "://" + authority(true); }
  /// `host:port`, the port only when it is not the scheme's own or `with_port`.
  [[nodiscard]] std::string authority(bool with_port) const;
};

/// A user error names what is wrong without quoting user-info or query, where tokens live.
[[nodiscard]] Result<Url> parse_url(const std::string& text);

/// `text` with another host, for TLS verification under a name that is not the address.
[[nodiscard]] Result<std::string> with_host(const std::string& text, const std::string& host);

/// `text` for use as a value in a query: everything but letters, digits and `-._~` percent-encoded.
[[nodiscard]] std::string encode_query(std::string_view text);

/// Where `reference`, the value of a Location header, leads from `base`. User error when it is no http or https URL.
[[nodiscard]] Result<std::string> resolve(const std::string& base, const std::string& reference);

}  // namespace flux::http
