#pragma once

#include <string>
#include <string_view>

namespace flux {

/// Why no object can have this name, because it could not be asked for: a name is one segment of a URL. Empty when it
/// can; what else an API server wants of names depends on the kind, and it says so itself.
[[nodiscard]] std::string why_no_name(std::string_view name);

}  // namespace flux
