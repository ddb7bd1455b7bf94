#include "yaml/edit/pieces.h"

#include <map>

#include "yaml/line_break.h"

namespace flux::yaml {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

}  // namespace

std::string with_pieces(std::string_view text, const std::vector<Piece>& pieces) {
  std::multimap<std::uint32_t, const Piece*> in_order;
  for (const auto& piece : pieces) in_order.emplace(piece.span.begin, &piece);
  std::string out;
  std::size_t done = 0;
  for (const auto& [begin, piece] : in_order) {
    out.append(text.substr(done, begin - done)).append(piece->text);
    done = piece->span.end;
  }
  return out.append(text.substr(done));
}

std::uint32_t line_begin(std::string_view text, std::uint32_t at) {
  while (at > 0 && break_at_back(text.substr(0, at)) == 0) --at;
  if (at == 0 && text.starts_with(kUtf8Mark)) return static_cast<std::uint32_t>(kUtf8Mark.size());
  return at;
}

std::uint32_t line_end(std::string_view text, std::uint32_t at) {
  while (at < text.size() && break_at_front(text.substr(at)) == 0) ++at;
  return at;
}

std::uint32_t next_line(std::string_view text, std::uint32_t at) {
  const auto end = line_end(text, at);
  return end + static_cast<std::uint32_t>(break_at_front(text.substr(end)));
}

std::string break_near(std::string_view text, std::uint32_t at) {
  const auto rest = text.substr(line_end(text, at));
  if (const auto size = break_at_front(rest)) return std::string(rest.substr(0, size));
  const auto before = text.substr(0, line_begin(text, at));
  if (const auto size = break_at_back(before)) return std::string(before.substr(before.size() - size));
  return "\n";
}

std::string_view bytes_of(std::string_view text, Span span) { return text.substr(span.begin, span.end - span.begin); }

bool is_only_blanks(std::string_view text) { return text.find_first_not_of(" \t") == std::string_view::npos; }

}  // namespace flux::yaml
