#include "yaml/positions.h"

#include <algorithm>

#include "base/ascii.h"
#include "yaml/block_scalar.h"
#include "yaml/line_break.h"

namespace flux::yaml {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

bool is_utf16(std::string_view text) { return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"); }

std::size_t white_at_front(std::string_view text) {
  return text.starts_with(' ') || text.starts_with('\t') ? 1 : break_at_front(text);
}

/// Where a token may begin at or after `at`: past white space and comments.
std::size_t token_after(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (text[at] == '#') {
      while (at < text.size() && break_at_front(text.substr(at)) == 0) ++at;
    } else if (const auto size = white_at_front(text.substr(at))) {
      at += size;
      // Further byte order marks are skipped at the start of a line, and text elsewhere.
      if (break_at_back(text.substr(0, at)) > 0 && text.substr(at).starts_with(kMark)) at += kMark.size();
    } else {
      break;
    }
  }
  return at;
}

}  // namespace

Positions::Positions(std::string_view text)
    : text_(text),
      body_(text.substr(text.starts_with(kMark) ? kMark.size() : 0)),
      mark_size_(text.size() - body_.size()),
      utf16_(is_utf16(text)),
      ascii_(is_ascii(body_)) {}

bool Positions::starts_character(std::size_t byte) const {
  return byte >= body_.size() || (static_cast<unsigned char>(body_[byte]) & 0xC0U) != 0x80;
}

std::uint32_t Positions::byte_at(std::size_t code_point) {
  if (utf16_) return 0;
  if (ascii_) return static_cast<std::uint32_t>(std::min(code_point, body_.size()) + mark_size_);
  for (; code_point_ < code_point && byte_ < body_.size(); ++code_point_) do
      ++byte_;
    while (!starts_character(byte_));
  for (; code_point_ > code_point && byte_ > 0; --code_point_) do
      --byte_;
    while (!starts_character(byte_));
  return static_cast<std::uint32_t>(byte_ + mark_size_);
}

std::size_t Positions::line_at(std::size_t byte) const {
  const auto before = text_.substr(0, byte);
  return static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
}

Place Positions::without_properties(Place place) const {
  if (utf16_) return place;
  const std::string_view text = text_.substr(0, place.span.end);
  auto at = static_cast<std::size_t>(place.span.begin);
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    while (at < text.size() && white_at_front(text.substr(at)) == 0) ++at;
    // Between properties and content there may be comments and line breaks.
    at = token_after(text, at);
  }
  place.line += static_cast<std::uint32_t>(count_breaks(text.substr(place.span.begin, at - place.span.begin)));
  place.span.begin = static_cast<std::uint32_t>(at);
  return place;
}

Place Positions::of_block_scalar(Place place, std::string_view value) const {
  if (utf16_) return place;
  const auto written = text_.substr(place.span.begin, place.span.end - place.span.begin);
  place.span.end = place.span.begin + static_cast<std::uint32_t>(block_scalar_size(written, value));
  return place;
}

Place Positions::of_absent(Place place, bool starts_line, std::uint32_t from) const {
  if (utf16_) return place;
  const std::string_view text = text_.substr(0, place.span.begin);
  std::size_t last = std::min<std::size_t>(from, text.size());
  for (auto at = token_after(text, last); at < text.size(); at = token_after(text, last)) last = at + 1;
  auto breaks = count_breaks(text.substr(last));
  // The parser ends the last line of a text by itself.
  if (starts_line && !text.empty() && break_at_back(text) == 0) ++breaks;
  place.line -= static_cast<std::uint32_t>(breaks);
  place.span.begin = place.span.end = static_cast<std::uint32_t>(last);
  return place;
}

}  // namespace flux::yaml
