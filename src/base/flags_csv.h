#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace flux {

/// The first CSV record in `text` (RFC 4180 quoting, blanks kept, no empty record) as its fields; no field for empty
/// text. User errors worded as Go's encoding/csv words them.
[[nodiscard]] Result<std::vector<std::string>> parse_csv_record(std::string_view text);

}  // namespace flux
