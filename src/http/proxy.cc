#include "http/proxy.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>

#include "base/ascii.h"

namespace flux::http {
namespace {

std::string environment(const char* upper, const char* lower) {
  for (const char* name : {upper, lower})
    if (const char* value = std::getenv(name); value && *value) return value;
  return {};
}

struct Address {
  std::array<unsigned char, 16> bytes{};
  unsigned bits = 0;
};

std::optional<Address> parse_address(std::string text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  Address address;
  if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) return address.bits = 32, address;
  if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address.bits = 128, address;
  return std::nullopt;
}

bool same_network(const Address& a, const Address& b, unsigned prefix) {
  if (a.bits != b.bits) return false;
  for (unsigned bit = 0; bit < std::min(prefix, a.bits); ++bit) {
    const auto mask = 0x80U >> (bit % 8);
    if ((a.bytes[bit / 8] & mask) != (b.bytes[bit / 8] & mask)) return false;
  }
  return true;
}

bool is_this_machine(const Url& url) {
  if (url.host == "localhost") return true;
  const auto address = parse_address(url.host);
  if (!address) return false;
  return address->bits == 32 ? address->bytes[0] == 127 : same_network(*address, *parse_address("::1"), 128);
}

/// Where a cloud tells a machine who it is. A proxy could only ask for itself.
bool is_metadata_service(const Url& url) {
  if (url.host == "metadata.google.internal") return true;
  const auto address = parse_address(url.host);
  return address && (same_network(*address, *parse_address("169.254.0.0"), 16) ||
                     same_network(*address, *parse_address("fd00:ec2::"), 32));
}

/// Cuts `:port` off an entry. False when it names another port than the URL's.
bool take_port(std::string_view& entry, std::uint16_t port) {
  const auto colon = entry.rfind(':');
  const bool bare_v6 = colon != std::string_view::npos && entry.find(':') != colon && entry[colon - 1] != ']';
  if (colon == std::string_view::npos || bare_v6) return true;
  const auto wanted = entry.substr(colon + 1);
  entry = entry.substr(0, colon);
  return wanted == std::to_string(port);
}

bool is_excepted(std::string_view entry, const Url& url) {
  if (entry == "*") return true;
  const auto address = parse_address(url.host);
  if (const auto slash = entry.find('/'); slash != std::string_view::npos) {
    const auto network = parse_address(std::string(entry.substr(0, slash)));
    unsigned prefix = 0;
    const auto digits = entry.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    return error == std::errc{} && network && address && same_network(*network, *address, prefix);
  }
  if (!take_port(entry, url.port)) return false;
  if (const auto same = parse_address(std::string(entry)); same && address)
    return same_network(*same, *address, same->bits);
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) return url.host.ends_with(entry);
  return url.host == entry || url.host.ends_with("." + std::string(entry));
}

bool is_excepted_by(std::string_view list, const Url& url) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    auto entry = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    if (!entry.empty() && is_excepted(entry, url)) return true;
  }
  return false;
}

/// curl resolves names itself for `socks5`; Go and everybody's kubeconfig mean the proxy to do it.
Secret for_curl(const Secret& proxy) {
  static constexpr std::string_view kSocks = "socks5://";
  if (!proxy.reveal().starts_with(kSocks)) return proxy;
  return Secret("socks5h://" + proxy.reveal().substr(kSocks.size()));
}

Result<void> check_proxy(const Secret& proxy) {
  if (proxy.empty()) return {};
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), curl_url_cleanup);
  static constexpr unsigned kFlags = CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME;
  char* scheme = nullptr;
  const bool parsed = curl_url_set(url.get(), CURLUPART_URL, proxy.reveal().c_str(), kFlags) == CURLUE_OK &&
                      curl_url_get(url.get(), CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK;
  const std::string name = scheme ? scheme : "";
  curl_free(scheme);
  static constexpr std::array<std::string_view, 4> kSchemes{"http", "https", "socks5", "socks5h"};
  if (parsed && std::ranges::find(kSchemes, name) != kSchemes.end()) return {};
  return fail(ErrorKind::user, "the proxy's URL cannot be used",
              "Check the proxy setting or HTTP_PROXY and HTTPS_PROXY: http://host:port, https://host:port or "
              "socks5://host:port.");
}

}  // namespace

ProxyRules proxy_rules_of_environment() {
  ProxyRules rules;
  rules.for_http = Secret(environment("HTTP_PROXY", "http_proxy"));
  rules.for_https = Secret(environment("HTTPS_PROXY", "https_proxy"));
  rules.exceptions = to_lower(environment("NO_PROXY", "no_proxy"));
  return rules;
}

Secret choose_proxy(const ProxyRules& rules, const Url& url) {
  if (!rules.fixed.empty()) return for_curl(rules.fixed);
  const auto& proxy = url.scheme == "https" ? rules.for_https : rules.for_http;
  if (proxy.empty() || is_this_machine(url) || is_metadata_service(url) || is_excepted_by(rules.exceptions, url))
    return {};
  return for_curl(proxy);
}

Result<void> check_proxies(const ProxyRules& rules) {
  for (const auto* proxy : {&rules.fixed, &rules.for_http, &rules.for_https})
    if (auto ok = check_proxy(*proxy); !ok) return ok;
  return {};
}

}  // namespace flux::http
