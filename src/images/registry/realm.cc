#include "images/registry/realm.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <libpsl.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace flux::images {
namespace {

struct KnownPair {
  std::string_view registry;
  std::string_view realm;
};

/// Registries whose token service has another registrable domain, or none that is theirs alone.
constexpr std::array kKnownPairs{
    KnownPair{"index.docker.io", "auth.docker.io"},
    KnownPair{"registry-1.docker.io", "auth.docker.io"},
    KnownPair{"registry.gitlab.com", "gitlab.com"},
    KnownPair{"registry.redhat.io", "sso.redhat.com"},
    KnownPair{"registry.access.redhat.com", "sso.redhat.com"},
    KnownPair{"registry.connect.redhat.com", "sso.redhat.com"},
    KnownPair{"public.ecr.aws", "public.ecr.aws"},
    KnownPair{"registry.heroku.com", "auth.heroku.com"},
};

/// Empty for a public suffix, an address and a name without dots.
std::string registrable_domain(const std::string& host) {
  const auto* domain = psl_registrable_domain(psl_builtin(), host.c_str());
  return domain ? domain : std::string();
}

bool is_private(std::uint32_t a) {
  const auto in = [a](std::uint32_t net, int bits) { return (a >> (32 - bits)) == (net >> (32 - bits)); };
  return in(0x00000000, 8) || in(0x0A000000, 8) || in(0x64400000, 10) || in(0x7F000000, 8) || in(0xA9FE0000, 16) ||
         in(0xAC100000, 12) || in(0xC0A80000, 16);
}

/// An address, or the name of this machine, that a stranger has no business to send us to.
bool is_inside(std::string host) {
  if (host == "localhost" || host.ends_with(".localhost") || host == "metadata.google.internal") return true;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return is_private(ntohl(v4.s_addr));
  in6_addr v6{};
  if (::inet_pton(AF_INET6, host.c_str(), &v6) != 1) return false;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return is_private(ntohl(v6.s6_addr32[3]));
  return IN6_IS_ADDR_LOOPBACK(&v6) || IN6_IS_ADDR_UNSPECIFIED(&v6) || IN6_IS_ADDR_LINKLOCAL(&v6) ||
         (v6.s6_addr[0] & 0xFE) == 0xFC;
}

bool is_address(const std::string& host) {
  in_addr v4{};
  return host.starts_with('[') || ::inet_pton(AF_INET, host.c_str(), &v4) == 1;
}

bool belongs_to(const http::Url& registry, const http::Url& realm) {
  if (registry.host == realm.host) return true;
  if (std::ranges::any_of(kKnownPairs,
                          [&](const auto& pair) { return pair.registry == registry.host && pair.realm == realm.host; }))
    return true;
  if (is_address(registry.host) || is_address(realm.host)) return false;
  const auto domain = registrable_domain(registry.host);
  return !domain.empty() && domain == registrable_domain(realm.host);
}

}  // namespace

std::optional<std::string> realm_refusal(const http::Url& registry, const http::Url& realm,
                                         const RegistryOptions& options) {
  const auto with_port = realm.authority(true);
  if (realm.scheme != "https" && !names_host(options.insecure_hosts, realm.host, with_port))
    return "it is not reached over https";
  if (names_host(options.auth_hosts, realm.host, with_port)) return std::nullopt;
  if (is_inside(realm.host) && realm.host != registry.host) return "its address is a private one";
  if (!belongs_to(registry, realm)) return "it does not belong to the registry's domain";
  return std::nullopt;
}

}  // namespace flux::images
