#include "http/url.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <iterator>
#include <memory>

#include "base/ascii.h"

namespace flux::http {
namespace {

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part(const Handle& url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

/// What may be shown of a text that could not be parsed as a URL.
std::string without_secrets(std::string text) {
  text = text.substr(0, text.find_first_of("?#"));
  if (const auto at = text.rfind('@'); at != std::string::npos) {
    const auto scheme = text.find("://");
    const auto start = scheme == std::string::npos || scheme > at ? 0 : scheme + 3;
    text.erase(start, at + 1 - start);
  }
  return text;
}

Failure invalid(const std::string& text, std::string_view why) {
  return fail(ErrorKind::user, fmt::format("invalid URL \"{}\": {}", without_secrets(text), why),
              "Write a URL such as https://host.example:6443/path.");
}

}  // namespace

std::string Url::authority(bool with_port) const {
  const bool usual = (scheme == "https" && port == 443) || (scheme == "http" && port == 80);
  return usual && !with_port ? host : fmt::format("{}:{}", host, port);
}

Result<Url> parse_url(const std::string& text) {
  const Handle handle(curl_url(), curl_url_cleanup);
  if (const auto error = curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0); error != CURLUE_OK)
    return invalid(text, curl_url_strerror(error));
  Url url;
  url.scheme = part(handle, CURLUPART_SCHEME);
  url.host = to_lower(part(handle, CURLUPART_HOST));
  if (url.scheme != "http" && url.scheme != "https") return invalid(text, "neither http nor https");
  if (url.host.empty()) return invalid(text, "no host");
  url.port = static_cast<std::uint16_t>(std::stoi(part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT)));
  url.password = Secret(part(handle, CURLUPART_PASSWORD, CURLU_URLDECODE));
  url.display = url.scheme + "://" + url.authority(false) + part(handle, CURLUPART_PATH);
  return url;
}

Result<std::string> with_host(const std::string& text, const std::string& host) {
  const Handle handle(curl_url(), curl_url_cleanup);
  if (curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK ||
      curl_url_set(handle.get(), CURLUPART_HOST, host.c_str(), 0) != CURLUE_OK)
    return fail(ErrorKind::user, fmt::format("\"{}\" is not a host name that a certificate could be for", host),
                "Check the server name set for TLS.");
  return part(handle, CURLUPART_URL);
}

std::string encode_query(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain)
      out += c;
    else
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Result<std::string> resolve(const std::string& base, const std::string& reference) {
  const Handle handle(curl_url(), curl_url_cleanup);
  if (curl_url_set(handle.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK) return invalid(base, "not a URL");
  if (const auto error = curl_url_set(handle.get(), CURLUPART_URL, reference.c_str(), 0); error != CURLUE_OK)
    return invalid(reference, curl_url_strerror(error));
  auto resolved = part(handle, CURLUPART_URL);
  if (auto ok = parse_url(resolved); !ok) return Failure(std::move(ok.error()));
  return resolved;
}

}  // namespace flux::http
