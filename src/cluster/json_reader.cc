#include "cluster/json_reader.h"

#include <charconv>
#include <cstring>

#include "base/json.h"

namespace flux::cluster {
namespace {

constexpr int kMaxDepth = 500;  // of containers; what the API server itself accepts is far below

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool is_scalar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

// The code unit of `\uXXXX` whose XXXX starts at `at`; false when there is none.
bool code_unit(std::string_view text, std::size_t at, std::uint32_t& unit) {
  if (at + 4 > text.size()) return false;
  const auto* end = text.data() + at + 4;
  const auto [stopped, error] = std::from_chars(text.data() + at, end, unit, 16);
  return error == std::errc{} && stopped == end;
}

// Appends the character of the escape at `at` (just behind `\u`) and says how many bytes it took; 0 when malformed.
std::size_t append_unicode(std::string_view body, std::size_t at, std::string& out) {
  std::uint32_t unit = 0;
  if (!code_unit(body, at, unit)) return 0;
  std::uint32_t low = 0;
  const bool pair = unit >= 0xD800 && unit < 0xDC00 && body.substr(at + 4, 2) == "\\u" &&
                    code_unit(body, at + 6, low) && low >= 0xDC00 && low < 0xE000;
  if (pair) unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
  append_utf8(out, unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit);  // half a pair is not a character
  return pair ? 10 : 4;
}

bool unescape(std::string_view body, std::string& out) {
  static constexpr std::string_view kFrom = "\"\\/bfnrt";
  static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
  out.clear();
  for (std::size_t at = 0; at < body.size(); ++at) {
    if (body[at] != '\\') {
      out += body[at];
      continue;
    }
    if (++at == body.size()) return false;
    if (const auto plain = kFrom.find(body[at]); plain != std::string_view::npos) {
      out += kTo[plain];
      continue;
    }
    const auto taken = body[at] == 'u' ? append_unicode(body, at + 1, out) : 0;
    if (taken == 0) return false;
    at += taken;
  }
  return true;
}

}  // namespace

char JsonReader::peek() {
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  return failed_ || at_ == text_.size() ? '\0' : text_[at_];
}

bool JsonReader::at_end() { return peek() == '\0' && !failed_; }

bool JsonReader::open(char bracket) {
  if (failed_) return false;
  if (peek() != bracket) {
    skip();
    return false;
  }
  if (++depth_ > kMaxDepth) {
    fail();
    return false;
  }
  ++at_;
  return true;
}

bool JsonReader::close(char bracket, bool first) {
  const char next = peek();
  if (next == bracket) {
    ++at_;
    --depth_;
    return true;
  }
  if (first && next != '\0') return false;
  if (!first && next == ',') {
    ++at_;
    return false;
  }
  fail();
  return true;
}

std::string_view JsonReader::string_body() {
  if (peek() != '"') {
    fail();
    return {};
  }
  const auto begin = ++at_;
  while (at_ < text_.size()) {
    const auto* quote = static_cast<const char*>(std::memchr(text_.data() + at_, '"', text_.size() - at_));
    if (quote == nullptr) break;
    at_ = static_cast<std::size_t>(quote - text_.data());
    std::size_t slashes = 0;
    while (at_ - slashes > begin && text_[at_ - slashes - 1] == '\\') ++slashes;
    ++at_;
    if (slashes % 2 == 0) return text_.substr(begin, at_ - 1 - begin);
  }
  fail();
  return {};
}

std::string_view JsonReader::read_key(std::string& unescaped) {
  auto key = string_body();
  if (!failed_ && key.find('\\') != std::string_view::npos) {
    if (!unescape(key, unescaped)) fail();
    key = unescaped;
  }
  if (peek() != ':') fail();
  if (!failed_) ++at_;
  return key;
}

void JsonReader::string(std::string& to) {
  if (peek() != '"') return skip();
  const auto body = string_body();
  if (failed_) return;
  if (body.find('\\') == std::string_view::npos)
    to = body;
  else if (!unescape(body, to))
    fail();
}

void JsonReader::integer(std::int64_t& to) {
  const auto text = raw();
  std::int64_t value = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && stopped == text.data() + text.size()) to = value;
}

void JsonReader::boolean(bool& to) {
  const auto text = raw();
  if (text == "true" || text == "false") to = text == "true";
}

// Iterative: only counts brackets of the skipped value, so depth costs nothing.
std::string_view JsonReader::raw() {
  if (peek() == '\0') {
    fail();
    return {};
  }
  const auto begin = at_;
  std::size_t open = 0;
  do {
    const char c = peek();
    if (c == '"') {
      string_body();
    } else if (c == '{' || c == '[') {
      ++open;
      ++at_;
    } else if ((c == '}' || c == ']') && open > 0) {
      --open;
      ++at_;
    } else if ((c == ',' || c == ':') && open > 0) {
      ++at_;
    } else if (is_scalar(c)) {
      while (at_ < text_.size() && is_scalar(text_[at_])) ++at_;
    } else {
      fail();
    }
  } while (open > 0 && !failed_);
  return failed_ ? std::string_view{} : text_.substr(begin, at_ - begin);
}

std::string quote_json(std::string_view text) { return dump_json(SortedJson(text)); }

}  // namespace flux::cluster
