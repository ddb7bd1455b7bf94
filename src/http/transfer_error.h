#pragma once

#include <curl/curl.h>

#include <string>

#include "base/result.h"

namespace flux::http {

/// A failed transfer as an error: `GET https://host/path: cause`, and what to check. Pure.
/// `what` is the method and the displayable URL, `detail` curl's own words (may be empty).
[[nodiscard]] Error transfer_error(const std::string& what, CURLcode code, const std::string& detail);

}  // namespace flux::http
