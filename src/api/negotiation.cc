#include "api/negotiation.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace flux::api {
namespace {

struct Item {
  std::string_view type;
  double quality = 1;
};

void skip_blanks(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size())); }

bool is_type_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~/").find(c) != std::string_view::npos;
}

std::string_view take_type(std::string_view& text) {
  const auto* end = std::ranges::find_if_not(text, is_type_char);
  const auto type = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(type.size());
  return type;
}

/// `0` or `1` with optional decimals.
std::optional<double> take_quality(std::string_view& text) {
  if (!text.starts_with('0') && !text.starts_with('1')) return std::nullopt;
  double quality = text.front() - '0';
  text.remove_prefix(1);
  if (!text.starts_with('.')) return quality;
  text.remove_prefix(1);
  for (double scale = 0.1; !text.empty() && text.front() >= '0' && text.front() <= '9'; scale /= 10) {
    quality += (text.front() - '0') * scale;
    text.remove_prefix(1);
  }
  return quality;
}

void parse_header(std::string_view text, std::vector<Item>& items) {
  while (true) {
    Item item{take_type(text)};
    if (item.type.empty()) return;
    skip_blanks(text);
    if (text.starts_with(';')) {
      text.remove_prefix(1);
      skip_blanks(text);
      if (!text.starts_with("q=")) return;
      text.remove_prefix(2);
      const auto quality = take_quality(text);
      if (!quality) return;
      item.quality = *quality;
    }
    items.push_back(item);
    skip_blanks(text);
    if (!text.starts_with(',')) return;
    text.remove_prefix(1);
    skip_blanks(text);
  }
}

/// The best quality given to `type`; nothing when it is not named.
std::optional<double> quality_of(std::string_view type, const std::vector<Item>& items) {
  std::optional<double> best;
  for (const auto& item : items)
    if (item.type == type) best = std::max(best.value_or(0), item.quality);
  return best;
}

}  // namespace

ErrorBody error_body_for(const std::vector<std::string>& accept) {
  if (accept.empty()) return ErrorBody::message;
  std::vector<Item> items;
  for (const auto& header : accept) parse_header(header, items);
  if (items.empty()) return ErrorBody::json;
  const auto json = quality_of("application/json", items);
  const auto plain = quality_of("text/plain", items);
  if (json && (!plain || *json >= *plain)) return ErrorBody::json;
  return plain ? ErrorBody::help : ErrorBody::message;
}

}  // namespace flux::api
