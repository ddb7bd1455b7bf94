#pragma once

#include <string>
#include <string_view>

namespace flux::yaml {

/// Text under construction with the state that layout depends on. Columns count characters.
class Page {
 public:
  explicit Page(std::string& out) : out_(out) {}

  /// Moves to `indent` on a line that holds nothing but indentation and indicators; on a new one unless this is one.
  void line(int indent);
  /// `-`, `?` or `:`, after which a collection may start on the same line; a space before it where needed.
  void compact(char indicator);
  /// Any other indicator: after it a collection starts on a line of its own.
  void indicator(std::string_view text, bool spaced);
  /// A space unless the page just began, or is at its indentation.
  void space();

  void put(char c) {
    out_ += c;
    ++column_;
  }
  /// Characters without line breaks.
  void put(std::string_view text);
  void newline();
  /// A break that is part of a text; LF, or the break itself.
  void text_break(std::string_view brk);

  void end_scalar() { spaced_ = indented_ = false; }
  void begin_block() { spaced_ = indented_ = true; }
  void touch() { indented_ = false; }

  [[nodiscard]] int column() const { return column_; }
  /// Only indentation and compact indicators on this line so far.
  [[nodiscard]] bool indented() const { return indented_; }

 private:
  std::string& out_;
  int column_ = 0;
  bool spaced_ = true;
  bool indented_ = true;
};

/// Writes a string, quoted as it needs to be. `key`: on one line, followed by a colon. `indent` is that of continuation
/// lines. `binary` is text that was encoded for `!!binary` and needs no look at what it resolves to.
void write_string(Page& page, std::string_view text, int indent, bool key, bool binary);

}  // namespace flux::yaml
