#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

/// The addresses of calls. Pure (compat/fluxctl.md 1.6).
namespace flux::api {

using Query = std::map<std::string, std::string>;

/// `base`, which may end in slashes and whose query is dropped, with `route` below it and the query, keys sorted and
/// empty values kept. User error, `parsing URL: ...`, when `base` is no http or https URL.
[[nodiscard]] Result<std::string> call_url(const std::string& base, std::string_view route, const Query& query);

}  // namespace flux::api
