#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "http/message.h"

namespace flux::images {

/// The address of the next page of a list that came from `url`: the target of the Link header, verbatim and resolved
/// against `url`. Nothing on the last page. User error, which names the host, when it leads to another scheme, host or
/// port: our credentials are meant for this one.
[[nodiscard]] Result<std::optional<std::string>> next_page(const std::string& url, const http::Headers& headers);

}  // namespace flux::images
