#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

/// The values that go over the wire, with the names that peers know them by (compat/api.md 5).
namespace flux::api {

/// Something was pushed to a git repository, not necessarily ours.
struct GitChange {
  std::string url;
  std::string branch;
  friend bool operator==(const GitChange&, const GitChange&) = default;
};

/// A new image was pushed under this name.
struct ImageChange {
  std::string domain;
  std::string image;
  friend bool operator==(const ImageChange&, const ImageChange&) = default;
};

using Change = std::variant<GitChange, ImageChange>;

struct Fingerprint {
  std::string hash;  ///< without the name of the algorithm
  std::string randomart;
};

/// Empty when there is no key (HTTP git URL, or outside a cluster).
struct PublicKey {
  std::string key;  ///< as ssh-keygen prints it, with its newline
  std::optional<Fingerprint> md5;
  std::optional<Fingerprint> sha256;
};

struct GitConfig {
  std::string url;  ///< safe to show: no password
  std::string branch;
  std::vector<std::string> paths;
  PublicKey public_key;
  std::string status;  ///< `unconfigured`, `new`, `cloned`, `ready`, `unreachable`
  std::string errors;  ///< what keeps it from being ready; empty when ready
};

// The forms for answers. Key order is that of the contract.
[[nodiscard]] nlohmann::ordered_json to_json(const PublicKey& key);
[[nodiscard]] nlohmann::ordered_json to_json(const GitConfig& config);
[[nodiscard]] nlohmann::ordered_json to_json(const Change& change);

/// User error when the kind is unknown or the shape is not that of the kind.
[[nodiscard]] Result<Change> change_from_json(const nlohmann::ordered_json& json);

}  // namespace flux::api
