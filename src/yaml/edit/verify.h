#pragma once

#include <optional>
#include <span>

#include "base/result.h"
#include "yaml/edit/change.h"

namespace flux::yaml {

/// Whether `after` says what the original says but for these changes, all of them and nothing else.
///
/// User error that names the anchor through which a change would reach further than asked, and the line that uses it;
/// else the place that would differ.
[[nodiscard]] Result<void> verify(const Original& before, const Document& after, std::span<const Change> changes);

/// That what is at `path` cannot be changed, because `alias` stands for it, too. Help included.
[[nodiscard]] Error shared_by(const Original& original, std::span<const Step> path, Node anchored, Node alias);

/// The same where the place of the change is a part of what an alias stands for, or holds it.
[[nodiscard]] std::optional<Error> sharing_of(const Original& original, const Change& change);

}  // namespace flux::yaml
