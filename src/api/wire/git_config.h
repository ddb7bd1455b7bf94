#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/json.h"

/// The repository and its deploy key (compat/api.md 5.8).
namespace flux::api {

struct Fingerprint {
  std::string hash;  ///< without the name of the algorithm
  std::string randomart;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

/// Empty when there is no key (HTTP git URL, or outside a cluster).
struct PublicKey {
  std::string key;  ///< as ssh-keygen prints it, with its newline
  std::optional<Fingerprint> md5;
  std::optional<Fingerprint> sha256;
  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

struct GitConfig {
  std::string url;  ///< safe to show: no password
  std::string branch;
  std::vector<std::string> paths;
  PublicKey public_key;
  std::string status;  ///< `unconfigured`, `new`, `cloned`, `ready`, `unreachable`
  std::string errors;  ///< what keeps it from being ready; empty when ready
  friend bool operator==(const GitConfig&, const GitConfig&) = default;
};

[[nodiscard]] Json to_json(const PublicKey& key);
[[nodiscard]] Json to_json(const GitConfig& config);
[[nodiscard]] Result<PublicKey> public_key_from_json(const Json& json);
[[nodiscard]] Result<GitConfig> git_config_from_json(const Json& json);

}  // namespace flux::api
