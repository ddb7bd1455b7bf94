#include "git/tree_object.h"

#include <charconv>

namespace flux::git {
namespace {

std::string to_hex(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos;
}

}  // namespace

Result<std::vector<TreeItem>> parse_tree(std::string_view bytes, std::size_t id_bytes) {
  const auto damaged = [] { return fail(ErrorKind::server, "git tree object is damaged"); };
  std::vector<TreeItem> items;
  while (!bytes.empty()) {
    const auto blank = bytes.find(' ');
    const auto end = bytes.find('\0');
    if (blank == std::string_view::npos || end == std::string_view::npos || end < blank ||
        bytes.size() - end - 1 < id_bytes)
      return damaged();
    TreeItem item;
    const auto mode = bytes.substr(0, blank);
    const auto [stop, error] = std::from_chars(mode.data(), mode.data() + mode.size(), item.mode, 8);
    if (error != std::errc{} || stop != mode.data() + mode.size()) return damaged();
    item.name = bytes.substr(blank + 1, end - blank - 1);
    if (!is_plain_name(item.name)) return damaged();
    item.id = to_hex(bytes.substr(end + 1, id_bytes));
    items.push_back(std::move(item));
    bytes.remove_prefix(end + 1 + id_bytes);
  }
  return items;
}

}  // namespace flux::git
