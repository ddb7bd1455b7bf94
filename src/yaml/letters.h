#pragma once

namespace flux::yaml {

/// Unicode 15.0 categories L and Nd.
[[nodiscard]] bool is_letter(char32_t c);
[[nodiscard]] bool is_decimal_digit(char32_t c);

}  // namespace flux::yaml
