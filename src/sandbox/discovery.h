#pragma once

#include <optional>
#include <string>

#include "sandbox/kinds.h"

namespace flux::sandbox {

/// The documents by which clients learn what is served.
struct Document {
  std::string content_type;
  std::string body;
};

/// `/api`, `/apis`, `/api/v1`, `/apis/GROUP`, `/apis/GROUP/VERSION`; aggregated at the first two when `accept` asks.
/// Nothing: no such path.
[[nodiscard]] std::optional<Document> discovery(const Kinds& kinds, const std::string& path, const std::string& accept);

/// `/version`.
[[nodiscard]] Json version_document();

}  // namespace flux::sandbox
