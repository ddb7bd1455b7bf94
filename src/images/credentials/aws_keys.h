#pragma once

#include <optional>
#include <string>

#include "base/secret.h"
#include "base/timestamp.h"

namespace flux::images {

/// Who we are to Amazon.
struct AwsKeys {
  std::string id;
  Secret secret;
  Secret token{};  ///< of temporary keys
  std::optional<Timestamp> expires{};
  std::string from{};  ///< for people
};

}  // namespace flux::images
