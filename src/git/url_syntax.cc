#include "git/url_syntax.h"

#include <algorithm>
#include <cctype>

#include "base/ascii.h"

namespace flux::git {
namespace {

enum class Part { path, user, host, zone, fragment, any };

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The byte that `%XX` at `at` stands for, or -1.
int encoded_byte(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size()) return -1;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool must_encode(char c, Part part) {
  if (is_letter(c) || is_digit(c) || one_of(c, "-_.~")) return false;
  if ((part == Part::host || part == Part::zone) && one_of(c, "!$&'()*+,;=:[]<>\"")) return false;
  if (one_of(c, "$&+,/:;=?@")) {
    if (part == Part::path) return c == '?';
    if (part == Part::user) return one_of(c, "@/?:");
    return part != Part::fragment;
  }
  return part != Part::fragment || !one_of(c, "!()*");
}

std::string encode(std::string_view text, Part part) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (!must_encode(c, part)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
  }
  return out;
}

/// In a host only non-ASCII bytes and the percent sign itself may be encoded; a zone may hold a few more.
bool may_be_encoded(std::string_view triple, int byte, Part part) {
  if (part == Part::host) return byte >= 0x80 || triple == "%25";
  if (part == Part::zone) return triple == "%25" || byte == ' ' || !must_encode(static_cast<char>(byte), Part::host);
  return true;
}

std::optional<std::string> decode(std::string_view text, Part part) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      const int byte = encoded_byte(text, i);
      if (byte < 0 || !may_be_encoded(text.substr(i, 3), byte, part)) return std::nullopt;
      out += static_cast<char>(byte);
      i += 2;
    } else if ((part == Part::host || part == Part::zone) && static_cast<unsigned char>(c) < 0x80 &&
               must_encode(c, part)) {
      return std::nullopt;
    } else {
      out += c;
    }
  }
  return out;
}

/// True when `raw` could stand in a URL as it is.
bool is_well_encoded(std::string_view raw, Part part) {
  return std::ranges::all_of(raw, [part](char c) { return one_of(c, "!$&'()*+,;=:@[]%") || !must_encode(c, part); });
}

/// The original spelling where it is a valid one, else our own encoding.
std::string spelled(const std::string& decoded, const std::string& raw, Part part) {
  if (!raw.empty() && is_well_encoded(raw, part) && decode(raw, part) == decoded) return raw;
  if (part == Part::path && decoded == "*") return decoded;
  return encode(decoded, part);
}

/// Cuts `scheme:` off the front and returns it in lower case. Nothing without one.
std::optional<std::string> take_scheme(std::string_view& rest) {
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(rest.front())) return std::nullopt;
  auto scheme = to_lower(rest.substr(0, colon));
  if (!std::ranges::all_of(scheme, [](char c) { return is_letter(c) || is_digit(c) || one_of(c, "+-."); }))
    return std::nullopt;
  rest.remove_prefix(colon + 1);
  return scheme;
}

bool is_optional_port(std::string_view text) {
  return text.empty() || (text.front() == ':' && std::ranges::all_of(text.substr(1), is_digit));
}

std::optional<std::string> parse_bracketed_host(std::string_view text) {
  const auto close = text.rfind(']');
  if (close == std::string_view::npos || !is_optional_port(text.substr(close + 1))) return std::nullopt;
  const auto zone = text.substr(0, close).find("%25");
  if (zone == std::string_view::npos) return decode(text, Part::host);
  const auto address = decode(text.substr(0, zone), Part::host);
  const auto name = decode(text.substr(zone, close - zone), Part::zone);
  const auto end = decode(text.substr(close), Part::host);
  if (!address || !name || !end) return std::nullopt;
  return *address + *name + *end;
}

std::optional<std::string> parse_host(std::string_view text) {
  if (text.starts_with('[')) return parse_bracketed_host(text);
  const auto colon = text.rfind(':');
  if (colon != std::string_view::npos && !is_optional_port(text.substr(colon))) return std::nullopt;
  return decode(text, Part::host);
}

bool parse_authority(std::string_view text, UrlParts& parts) {
  const auto at = text.rfind('@');
  const auto host = parse_host(at == std::string_view::npos ? text : text.substr(at + 1));
  if (!host) return false;
  parts.host = *host;
  if (at == std::string_view::npos) return true;

  const auto userinfo = text.substr(0, at);
  const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || one_of(c, "-._:~!$&'()*+,;=%@"); };
  if (!std::ranges::all_of(userinfo, allowed)) return false;
  const auto colon = std::min(userinfo.find(':'), userinfo.size());
  parts.user = decode(userinfo.substr(0, colon), Part::user);
  return parts.user && decode(userinfo.substr(colon), Part::user);
}

void take_query(std::string_view& rest, UrlParts& parts) {
  const auto mark = rest.find('?');
  if (mark == std::string_view::npos) return;
  parts.query = rest.substr(mark + 1);
  parts.force_query = mark + 1 == rest.size();
  rest = rest.substr(0, mark);
}

bool set_path(std::string_view raw, UrlParts& parts) {
  const auto path = decode(raw, Part::path);
  if (!path) return false;
  parts.path = *path;
  if (encode(*path, Part::path) != raw) parts.raw_path = raw;
  return true;
}

bool set_fragment(std::string_view raw, UrlParts& parts) {
  const auto fragment = decode(raw, Part::fragment);
  if (!fragment) return false;
  parts.fragment = *fragment;
  if (encode(*fragment, Part::fragment) != raw) parts.raw_fragment = raw;
  return true;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }

}  // namespace

std::optional<UrlParts> parse_url(std::string_view raw) {
  UrlParts parts;
  const auto hash = std::min(raw.find('#'), raw.size());
  if (hash < raw.size() && !set_fragment(raw.substr(hash + 1), parts)) return std::nullopt;
  auto rest = raw.substr(0, hash);
  if (std::ranges::any_of(rest, is_control)) return std::nullopt;
  const auto scheme = take_scheme(rest);
  if (!scheme) return std::nullopt;
  parts.scheme = *scheme;
  take_query(rest, parts);
  if (!rest.starts_with('/')) {
    parts.opaque = rest;
    return parts;
  }
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const auto slash = std::min(rest.find('/'), rest.size());
    if (!parse_authority(rest.substr(0, slash), parts)) return std::nullopt;
    rest.remove_prefix(slash);
  }
  if (!set_path(rest, parts)) return std::nullopt;
  return parts;
}

std::string print_url(const UrlParts& parts) {
  std::string out = parts.scheme + ":";
  if (!parts.opaque.empty()) {
    out += parts.opaque;
  } else {
    if (!parts.host.empty() || !parts.path.empty() || parts.user) out += "//";
    if (parts.user) out += encode(*parts.user, Part::user) + "@";
    out += encode(parts.host, Part::host);
    const auto path = spelled(parts.path, parts.raw_path, Part::path);
    if (!path.empty() && path.front() != '/' && !parts.host.empty()) out += '/';
    out += path;
  }
  if (parts.force_query || !parts.query.empty()) out += "?" + parts.query;
  if (!parts.fragment.empty()) out += "#" + spelled(parts.fragment, parts.raw_fragment, Part::fragment);
  return out;
}

std::string escape_userinfo(std::string_view text) { return encode(text, Part::user); }

std::string encode_fully(std::string_view text) { return encode(text, Part::any); }

std::string decode_leniently(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int byte = text[i] == '%' ? encoded_byte(text, i) : -1;
    out += byte < 0 ? text[i] : static_cast<char>(byte);
    if (byte >= 0) i += 2;
  }
  return out;
}

}  // namespace flux::git
