#pragma once

#include <string>

#include "api/wire/sync_diff.h"
#include "cli/paint.h"

namespace flux::cli {

/// The changes one after the other: a line that says what would happen to the resource, then its unified diff.
[[nodiscard]] std::string diff_page(const api::SyncDiff& diff, const Paint& paint);

}  // namespace flux::cli
