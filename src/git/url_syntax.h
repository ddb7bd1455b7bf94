#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace flux::git {

/// The parts of a URL as Go's net/url holds them: decoded, with the raw spelling kept where it could be told apart.
/// Behind Url, which needs them byte for byte.
struct UrlParts {
  std::string scheme;
  std::string opaque;               ///< what follows `scheme:` without a `/`
  std::optional<std::string> user;  ///< decoded; present even when empty
  std::string host;                 ///< decoded, with port
  std::string path;                 ///< decoded
  std::string raw_path;             ///< as written, when encoding `path` does not give it back
  bool force_query = false;         ///< a lone `?` at the end
  std::string query;                ///< as written
  std::string fragment;
  std::string raw_fragment;
};

/// `raw` as an RFC 3986 URL with a scheme, by Go's rules. Nothing when Go would refuse it or there is no scheme.
[[nodiscard]] std::optional<UrlParts> parse_url(std::string_view raw);

/// As Go 1.18 and before print it (later ones keep `file:/x` without the empty authority).
[[nodiscard]] std::string print_url(const UrlParts& parts);

/// A user name or password as Go writes it into a URL.
[[nodiscard]] std::string escape_userinfo(std::string_view text);

/// Everything but letters, digits and `-_.~` as %XX.
[[nodiscard]] std::string encode_fully(std::string_view text);

/// Decodes %XX and leaves everything that is not one alone, as git and curl do.
[[nodiscard]] std::string decode_leniently(std::string_view text);

}  // namespace flux::git
