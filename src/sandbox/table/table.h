#pragma once

#include "sandbox/kinds.h"

namespace flux::sandbox {

/// The columns in which `kubectl get` shows a kind, as columnDefinitions of the API's tables.
[[nodiscard]] Json table_columns(const Kind& kind);
/// One object's cells, one for each column.
[[nodiscard]] Json table_cells(const Kind& kind, const Json& body);

/// `3m20s` as kubectl writes ages: the two largest units, fewer for long times.
[[nodiscard]] std::string age_text(long seconds);
/// Seconds since an RFC 3339 time; negative when it cannot be read.
[[nodiscard]] long seconds_since(const std::string& time);

}  // namespace flux::sandbox
