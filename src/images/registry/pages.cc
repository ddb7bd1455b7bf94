#include "images/registry/pages.h"

#include <fmt/format.h>

#include <string_view>

#include "base/ascii.h"
#include "http/url.h"

namespace flux::images {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// The target of a link that leads onwards; empty when it says that it leads elsewhere. Some registries leave out the
/// brackets, some the relation.
std::string_view onward(std::string_view link) {
  link = trimmed(link);
  std::string_view target;
  std::string_view rest;
  if (link.starts_with('<')) {
    const auto end = link.find('>');
    if (end == std::string_view::npos) return {};
    target = link.substr(1, end - 1);
    rest = link.substr(end + 1);
  } else {
    const auto end = link.find(';');
    target = trimmed(link.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : link.substr(end);
  }
  const auto relation = to_lower(rest);
  const auto at = relation.find("rel=");
  if (at != std::string::npos && relation.find("next", at) == std::string::npos) return {};
  return target;
}

}  // namespace

Result<std::optional<std::string>> next_page(const std::string& url, const http::Headers& headers) {
  for (const auto& header : headers.all("Link")) {
    const auto target = onward(header);
    if (target.empty()) continue;
    auto next = http::resolve(url, std::string(target));
    if (!next) return wrap(std::move(next.error()), "the registry's link to the next page of tags");
    const auto here = http::parse_url(url);
    const auto there = http::parse_url(*next);
    if (!here) return Failure(here.error());
    if (!there) return Failure(there.error());
    if (here->origin() != there->origin())
      return fail(
          ErrorKind::user,
          fmt::format("the registry's link to the next page of tags leads to another host, {}; it is not followed",
                      there->authority(false)),
          "A registry has to list all of its tags itself. Tell whoever runs it.");
    return std::move(*next);
  }
  return std::optional<std::string>();
}

}  // namespace flux::images
