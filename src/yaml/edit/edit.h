#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "yaml/edit/change.h"

namespace flux::yaml {

/// The outcome of an edit.
struct Edited {
  std::string text;
  std::optional<Document> document;  ///< as it was read from the text; nothing where nothing had to be changed
};

/// The text of one document with these changes, made one after the other, and every other byte as it was: comments,
/// quotes, styles, indentation, line breaks, markers. Pure.
///
/// - The bytes of a value are replaced. One that is not there is put after its neighbours, written like them; one that
///   a merge brings is put into the mapping itself. Where the mapping itself is not there, or null, it is made.
/// - An alias is replaced at its own place.
/// - Quotes are kept or added as YAML 1.1 and 1.2 both need them; what is JSON stays JSON.
/// - What already is so stays as it is written.
///
/// The result is read again, and has to mean what the text meant but for the changes. User error, with the line:
/// - `yaml: line 3: ...`: the text cannot be read, or is more than one document, or UTF-16;
/// - a value that others share through an anchor, by its name (verify.h);
/// - a path without parent, a collection at its end, a value that is not UTF-8.
[[nodiscard]] Result<Edited> edit(const Original& original, std::span<const Change> changes);
[[nodiscard]] Result<std::string> edit(std::string_view document, std::span<const Change> changes);

/// The one document of a text, which begins in line `first_line` of its file. User error as above.
[[nodiscard]] Result<Document> read_one(std::string_view text, int first_line = 1);

}  // namespace flux::yaml
