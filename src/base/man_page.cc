#include "base/man_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/flags_value.h"

namespace flux {
namespace {

/// Text that roff takes for itself: `-` is to be typed as a minus, and a leading `.` or `'` would be a command.
std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

/// Whoever is to type something sees it unfilled.
class Body {
 public:
  explicit Body(std::string& out) : out_(out) {}
  ~Body() { leave(); }
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  void line(std::string_view text) {
    if (text.empty()) {
      leave();
      out_ += ".PP\n";
      return;
    }
    if (text.starts_with(' ') && !verbatim_) {
      out_ += ".nf\n";
      verbatim_ = true;
    } else if (!text.starts_with(' ')) {
      leave();
    }
    out_ += escape(text) + "\n";
  }

 private:
  void leave() {
    if (verbatim_) out_ += ".fi\n";
    verbatim_ = false;
  }

  std::string& out_;
  bool verbatim_ = false;
};

void append_text(std::string& out, std::string_view text) {
  Body body(out);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    body.line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void append_flag(std::string& out, const Flag& flag) {
  const auto type = flag_type_name(flag.field);
  const auto preset = flag_default_text(flag.field);
  out += ".TP\n.B ";
  if (flag.shorthand != '\0') out += fmt::format("\\-{}, ", flag.shorthand);
  out += fmt::format("\\-\\-{}", escape(flag.name));
  if (!type.empty()) out += fmt::format(" \\fI{}\\fR", type);
  out += fmt::format("\n{}{}\n", escape(flag.help), preset.empty() ? "" : fmt::format(" (default {})", escape(preset)));
}

}  // namespace

std::string man_page(const ManPage& page) {
  auto out = fmt::format(".TH {} 1 \"\" \"{} {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n", upper(page.program),
                         page.program, page.version, escape(page.program), escape(page.summary));
  for (const auto& section : page.sections) {
    out += fmt::format(".SH {}\n", upper(section.title));
    append_text(out, section.text);
    auto flags = section.flags;
    std::erase_if(flags, [](const Flag& flag) { return !flag.deprecated.empty(); });
    std::ranges::sort(flags, {}, &Flag::name);
    for (const auto& flag : flags) append_flag(out, flag);
  }
  return out;
}

}  // namespace flux
