#include "api/client_url.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/routes.h"
#include "http/url.h"

namespace flux::api {
namespace {

std::string form_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-_.~").find(c) != std::string_view::npos;
    if (plain)
      out += c;
    else
      out += c == ' ' ? "+" : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

Result<std::string> call_url(const std::string& base, std::string_view route, const Query& query) {
  if (auto ok = http::parse_url(base); !ok) return wrap(std::move(ok.error()), "parsing URL");
  const auto scheme_end = base.find("://");
  if (scheme_end == std::string::npos)
    return fail(ErrorKind::user, "parsing URL: no // behind the scheme", "Write http://host:port/api/flux.");
  const auto host = scheme_end + 3;
  const auto path = std::min(base.find_first_of("/?#", host), base.size());
  const auto path_end = std::min(base.find_first_of("?#", path), base.size());
  auto url = base.substr(0, path) + clean_path(fmt::format("{}/{}", base.substr(path, path_end - path), route));
  char separator = '?';
  for (const auto& [key, value] : query) {
    url += fmt::format("{}{}={}", separator, form_encode(key), form_encode(value));
    separator = '&';
  }
  return url;
}

}  // namespace flux::api
