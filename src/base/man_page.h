#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/flags.h"

namespace flux {

/// One part of a manual page. Text in the source form of help: paragraphs are separated by an empty line, and lines
/// that begin with a blank are kept as they are.
struct ManSection {
  std::string_view title;
  std::string text;
  std::vector<Flag> flags{};  ///< listed after the text, with their defaults
};

struct ManPage {
  std::string_view program;
  std::string_view summary;  ///< what stands after the name
  std::string_view version;
  std::vector<ManSection> sections{};
};

/// The page as roff with the `man` macros, for section 1. The same page always gives the same bytes.
[[nodiscard]] std::string man_page(const ManPage& page);

}  // namespace flux
