#pragma once

#include <string>
#include <vector>

namespace flux::api {

/// What the body of an error holds.
enum class ErrorBody {
  message,  ///< the short message, as text
  help,     ///< the help, as text
  json,     ///< the JSON object
};

/// Chooses by the values of all Accept headers, oddities included: wildcards are not understood, and a parameter other
/// than `q` drops its item and the rest of its header (compat/api.md 2.3).
[[nodiscard]] ErrorBody error_body_for(const std::vector<std::string>& accept);

}  // namespace flux::api
