#pragma once

#include <string>

#include "base/secret.h"

namespace flux::images {

/// The user of an identity token, as Docker's tools write it: the password is a refresh token for token services.
inline constexpr const char* kTokenUser = "<token>";

/// Who we are to a registry.
struct Credential {
  std::string user;
  Secret password;
  std::string from{};  ///< where it comes from, for people: `team:secret/pull`
  friend bool operator==(const Credential&, const Credential&) = default;
};

}  // namespace flux::images
