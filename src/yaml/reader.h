#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "yaml/document.h"

namespace flux::yaml {

/// Deepest nesting that is read, flow and block together.
inline constexpr std::size_t kMaxDepth = 10'000;

/// Reads a stream of documents, one at a time. Types are resolved as go-yaml v2 does (YAML 1.1), whatever `%YAML` says
/// (compat/manifests-and-releases.md 1.4): `yes`, `on` and `n` are booleans, `0777` and `0o777` octal, base-60 and
/// timestamps stay strings, the last of duplicate keys wins, `<<` merges.
///
/// Also reads JSON with surrogate pairs, and finds no documents in a text of nothing but `...` (parser_text.h).
///
/// Refused with ErrorKind::user and a message `yaml: line 3: ...`: broken syntax, text that is not UTF-8 (or UTF-16
/// with a byte order mark), a collection as a key, an unknown anchor or one within itself, a tag that its scalar does
/// not fit, more than kMaxDepth levels, and aliases that blow the document up.
///
/// One thread at a time. The text has to outlive the Reader, not its documents.
class Reader {
 public:
  explicit Reader(std::string_view text);
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  /// The next document; nothing at the end of the stream. After an error each further call gives the same error.
  Result<std::optional<Document>> next();

  /// Documents that next() has begun so far, the one in error included: what a message calls `document 2`.
  [[nodiscard]] int count() const;
  /// Line of the error, counted from 1; 0 while there is none.
  [[nodiscard]] int error_line() const;

 private:
  class Stream;
  std::unique_ptr<Stream> stream_;
};

/// All documents of a stream.
[[nodiscard]] Result<std::vector<Document>> read_all(std::string_view text);

}  // namespace flux::yaml
