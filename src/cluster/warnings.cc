#include "cluster/warnings.h"

#include <algorithm>

#include "base/utf8.h"

namespace flux::cluster {
namespace {

constexpr std::size_t kMostText = 500;
constexpr std::size_t kMostWarnings = 20;

/// Takes the quoted string that `rest` begins with.
std::string take_quoted(std::string_view& rest) {
  std::string text;
  std::size_t i = 1;
  for (; i < rest.size() && rest[i] != '"'; ++i) {
    if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
    text += static_cast<unsigned char>(rest[i]) < ' ' ? ' ' : rest[i];
  }
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return text;
}

/// One header may hold several warnings: `299 - "a" "date", 299 - "b"`.
void read_warnings(std::string_view rest, std::vector<std::string>& texts) {
  while (texts.size() < kMostWarnings) {
    const auto begin = rest.find("299 ");
    const auto quote = rest.find('"');
    if (quote == std::string_view::npos) return;
    const bool ours = begin < quote;
    rest.remove_prefix(quote);
    auto text = take_quoted(rest);
    if (ours && !text.empty()) texts.push_back(replace_invalid_utf8(std::string_view(text).substr(0, kMostText)));
  }
}

}  // namespace

std::vector<std::string> warnings_in(const http::Headers& headers) {
  std::vector<std::string> texts;
  for (const auto& value : headers.all("Warning")) read_warnings(value, texts);
  return texts;
}

ToldWarnings::Telling ToldWarnings::tell(std::string_view kind, std::string_view text) {
  const MutexLock lock(mutex_);
  if (told_.size() >= most_ || !told_.emplace(kind, text).second) return Telling::not_again;
  return told_.size() == most_ ? Telling::now_as_last : Telling::now;
}

}  // namespace flux::cluster
