#include "images/credentials/docker_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/json.h"

namespace flux::images {
namespace {

constexpr std::string_view kDockerHub = "index.docker.io";

/// A key of `auths` in its parts.
struct RegistryPlace {
  std::string host;
  bool has_path = false;  // beyond the version of the registry's API
};

RegistryPlace place_of(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
  const auto end = std::min(text.find_first_of("/?#"), text.size());
  auto host = text.substr(0, end);
  if (const auto at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  RegistryPlace place{to_lower(host)};
  static constexpr std::array<std::string_view, 3> kAliases{"docker.io", "registry-1.docker.io", "www.docker.io"};
  if (std::ranges::find(kAliases, place.host) != kAliases.end()) place.host = kDockerHub;
  auto path = text.substr(end);
  while (path.ends_with('/')) path.remove_suffix(1);
  place.has_path = !path.empty() && path != "/v1" && path != "/v2";
  return place;
}

const Json* find(const Json& object, std::string_view name) {
  for (const auto& [key, value] : object.items())
    if (equal_ignoring_case(key, name)) return &value;
  return nullptr;
}

std::string text_of(const Json& object, std::string_view name) {
  const auto* value = find(object, name);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

/// What an entry says, or what is wrong with it.
tl::expected<Credential, std::string> read_entry(const Json& entry, const std::string& from) {
  if (!entry.is_object()) return tl::unexpected<std::string>("it is no object");
  std::string wrong = "it has neither auth nor username and password";
  if (const auto auth = text_of(entry, "auth"); !auth.empty()) {
    const auto decoded = decode_base64(auth);
    const auto colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon != std::string::npos && colon > 0 && colon + 1 < decoded->size())
      return Credential{decoded->substr(0, colon), Secret(decoded->substr(colon + 1)), from};
    wrong = decoded ? "its auth is not of the form user:password" : "its auth is not base64";
  }
  auto user = text_of(entry, "username");
  auto password = text_of(entry, "password");
  if (!user.empty() && !password.empty()) return Credential{std::move(user), Secret(std::move(password)), from};
  if (auto token = text_of(entry, "identitytoken"); !token.empty())
    return Credential{kTokenUser, Secret(std::move(token)), from};
  if (!user.empty()) wrong = "it has a username without a password";
  return tl::unexpected(std::move(wrong));
}

void read_entries(const Json& entries, const std::string& from, DockerConfig& config) {
  std::map<std::string, bool> with_path;  // of the entries taken so far
  for (const auto& [key, entry] : entries.items()) {
    const auto [host, has_path] = place_of(key);
    if (host.empty()) {
      config.problems.push_back(fmt::format("{}: a registry without a host was skipped", from));
      continue;
    }
    const auto known = with_path.find(host);
    if (has_path && known != with_path.end() && !known->second) continue;
    if (!has_path) config.spelling[host] = key;
    // A store, or a program for this host, holds what is not here.
    const bool elsewhere = !config.store.empty() || config.helpers.contains(host);
    if (elsewhere && entry.is_object() && text_of(entry, "auth").empty() && text_of(entry, "username").empty())
      continue;
    auto credential = read_entry(entry, from);
    if (!credential) {
      config.problems.push_back(fmt::format("{}: the entry for {} was skipped: {}", from, host, credential.error()));
      continue;
    }
    config.credentials.insert_or_assign(host, std::move(*credential));
    with_path[host] = has_path;
  }
}

bool is_helper_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
           c == '.';
  });
}

void read_helpers(const Json& json, const std::string& from, DockerConfig& config) {
  const auto bad = [&](const std::string& what) {
    config.problems.push_back(fmt::format("{}: {} is not the name of a credential helper", from, what));
  };
  if (const auto store = text_of(json, "credsStore"); is_helper_name(store))
    config.store = store;
  else if (!store.empty())
    bad("credsStore");
  const auto* helpers = find(json, "credHelpers");
  if (!helpers || !helpers->is_object()) return;
  for (const auto& [key, name] : helpers->items()) {
    const auto host = registry_host(key);
    if (!host.empty() && name.is_string() && is_helper_name(name.get_ref<const std::string&>()))
      config.helpers[host] = name.get<std::string>();
    else
      bad(fmt::format("that of {} in credHelpers", host.empty() ? "an entry without a host" : host));
  }
}

}  // namespace

std::string registry_host(std::string_view text) { return place_of(text).host; }

Result<DockerConfig> parse_docker_config(const Secret& text, const std::string& from) {
  const auto json = parse_json(text.reveal());
  if (!json || !json->is_object())
    return fail(ErrorKind::user, fmt::format("{}: it is no Docker configuration, which is a JSON object", from));
  DockerConfig config;
  const auto* auths = find(*json, "auths");
  const bool whole = auths || find(*json, "credHelpers") || find(*json, "credsStore");
  if (whole) read_helpers(*json, from, config);
  if (whole && auths && auths->is_object()) read_entries(*auths, from, config);
  if (!whole) read_entries(*json, from, config);
  return config;
}

Result<Credential> parse_helper_answer(const Secret& text, const std::string& from) {
  const auto json = parse_json(text.reveal());
  if (!json || !json->is_object())
    return fail(ErrorKind::user, fmt::format("{}: what it printed is no JSON object", from));
  Credential credential{text_of(*json, "Username"), Secret(text_of(*json, "Secret")), from};
  if (credential.user.empty() || credential.password.empty())
    return fail(ErrorKind::user, fmt::format("{}: what it printed has no Username or no Secret", from));
  return credential;
}

std::string describe(const RegistryCredentials& credentials) {
  std::string text;
  for (const auto& [host, credential] : credentials)
    text += fmt::format("{}{}:<registry creds for {}@{}, from {}>", text.empty() ? "" : " ", host, credential.user,
                        host, credential.from);
  return "{map[" + text + "]}";
}

}  // namespace flux::images
