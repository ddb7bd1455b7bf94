#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "yaml/document.h"

namespace flux::yaml {

/// The node as compact JSON, with numbers as Go's encoding/json writes them: integers exact, others the shortest that
/// reads back. Entries come in the order of Node::entry(), so the text does not depend on the order in which keys are
/// written. Keys that are no strings become their text, as Kubernetes tools do (`true:` is `"true"`); where two keys
/// become the same text the one written last wins.
///
/// Errors (ErrorKind::user, `yaml: line 3: ...`): NaN or an infinity, a null key, `!!binary` that is not UTF-8.
[[nodiscard]] Result<std::string> to_json(Node node);

/// The same for a mapping, leaving out the entries under the string keys `without`.
[[nodiscard]] Result<std::string> to_json_without(Node mapping, std::span<const std::string_view> without);

/// The text of a scalar when used where text is wanted: what encode() would print, without quotes; empty for null.
[[nodiscard]] std::string scalar_text(Node scalar);

}  // namespace flux::yaml
