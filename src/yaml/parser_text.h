#pragma once

#include <yaml.h>

#include <string>
#include <string_view>

namespace flux::yaml {

/// A text as libyaml is to see it, so that it reads what other readers do and it alone refuses:
/// - In go-yaml v2 a colon within an unquoted scalar in brackets is text unless white space follows: `[2001:db8::]`,
///   `{a: b:, c: d}`. libyaml refuses one before a bracket or comma.
/// - A file that is JSON may have characters in two halves, `\ud83d\ude00`. kubectl reads them; no reader of YAML does.
/// - A file of nothing but `...` and comments has no documents. libyaml and go-yaml refuse it, kubectl passes over it.
///
/// Such places get stand-ins of the same size, characters that occur nowhere else in the text, so that marks of the
/// parser stay true; restore() takes them back. Where no character is left, or where it would take too long (a bound of
/// the bytes gone through), the text stays as it is and the parser refuses it.
class ParserText {
 public:
  /// `text` has to outlive this.
  explicit ParserText(std::string_view text);

  /// Valid while this lives and is not moved.
  [[nodiscard]] std::string_view view() const { return changed_.empty() ? text_ : std::string_view(changed_); }
  [[nodiscard]] bool has_documents() const { return has_documents_; }
  /// Puts into a scalar what the text says.
  void restore(yaml_event_t& scalar) const;

 private:
  void stand_in_for_colons();
  void stand_in_for_halves();
  [[nodiscard]] char unused_character() const;

  std::string_view text_;
  std::string changed_;  ///< empty: the text as it is
  char colon_ = '\0';
  char filler_ = '\0';
  bool has_documents_ = true;
};

}  // namespace flux::yaml
