#pragma once

#include <cstddef>
#include <string_view>

/// The ends of lines in YAML 1.1, in UTF-8: LF, CR, both together, NEL (U+0085), LS (U+2028) and PS (U+2029).
namespace flux::yaml {

/// Bytes of the line break with which `text` begins; 0 when it begins with something else.
[[nodiscard]] std::size_t break_at_front(std::string_view text);
/// The same at its end.
[[nodiscard]] std::size_t break_at_back(std::string_view text);
[[nodiscard]] std::size_t count_breaks(std::string_view text);

}  // namespace flux::yaml
