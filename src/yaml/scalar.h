#pragma once

#include <cstdint>
#include <string_view>

#include "yaml/document.h"

namespace flux::yaml {

/// What a scalar's text means. For a string the text itself is the value.
struct Meaning {
  Kind kind = Kind::string;
  Cell::Payload value;
  /// A string, but one that go-yaml takes for a date: it has to be quoted when written.
  bool timestamp = false;
};

/// Meaning of an untagged plain scalar as go-yaml v2.4.0 resolves it.
[[nodiscard]] Meaning resolve(std::string_view text);

/// Meaning under the tag `tag:yaml.org,2002:int` and its like for bool, float, null and timestamp; `name` is the part
/// after the last colon. False when the text does not fit the tag.
[[nodiscard]] bool resolve_as(std::string_view name, std::string_view text, Meaning& meaning);

/// Whether a string has to be quoted lest it be read as another type (also by parsers that know base 60).
[[nodiscard]] bool looks_typed(std::string_view text);

}  // namespace flux::yaml
