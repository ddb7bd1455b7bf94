#pragma once

#include <string>

#include "base/secret.h"

namespace flux::images {

/// Who we are to a registry.
struct Credential {
  std::string user;
  Secret password;
  std::string from{};  ///< where it comes from, for people: `team:secret/pull`
  friend bool operator==(const Credential&, const Credential&) = default;
};

}  // namespace flux::images
