#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flux::http {

/// A request target taken apart, percent-decoded.
struct Target {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;  ///< in order; `+` means space
};

/// Takes `/path?query`, `http://host/path?query` (sent to proxies) and `*`. Nothing when it is none of these or has a
/// broken percent escape in its path. Broken escapes in the query stay as they are.
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);

}  // namespace flux::http
