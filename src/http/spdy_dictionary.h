#pragma once

#include <string>

namespace flux::http {

/// The text that SPDY/3.1's header compression starts with on both ends (its specification, 2.6.10.1). Any thread.
[[nodiscard]] const std::string& spdy_dictionary();

}  // namespace flux::http
