#pragma once

#include <optional>
#include <string_view>

#include "yaml/document.h"

namespace flux::yaml {

/// Where document `number` of a stream is written, counted from 1 as Reader counts, without reading any of them: its
/// directives and its `---` are part of it, and so is all that follows up to the next document's. Nothing where there
/// are fewer, and in UTF-16. What it gives is a stream of its own; that it is YAML is not looked at.
///
/// A `---` at the beginning of a line begins a document wherever it stands, in quotes and block scalars, too (YAML 1.1,
/// 4.1.5), so that no syntax has to be known for this.
[[nodiscard]] std::optional<Span> document_span(std::string_view text, int number);

}  // namespace flux::yaml
