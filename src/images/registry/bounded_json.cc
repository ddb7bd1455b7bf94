#include "images/registry/bounded_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"

namespace flux::images {
namespace {

/// Not less than there are values: each but the first comes after one of these, where a string does not hold it.
std::size_t values_in(std::string_view text) {
  std::size_t values = 1;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"')
      in_string = !in_string;
    else if (in_string)
      i += c == '\\' ? 1 : 0;
    else if (c == ',' || c == '[' || c == '{')
      ++values;
  }
  return values;
}

}  // namespace

Result<Json> parse_bounded_json(std::string_view text, std::size_t most_values) {
  if (values_in(text) > most_values)
    return fail(ErrorKind::server, fmt::format("the answer has more than {} values", most_values));
  auto json = parse_json(text);
  if (!json) return fail(ErrorKind::server, "the answer is not JSON");
  return std::move(*json);
}

}  // namespace flux::images
