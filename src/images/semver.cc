#include "images/semver.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "base/ascii.h"

namespace flux::images {
namespace {

bool is_identifier_char(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; }

/// Nothing when it is not all digits or does not fit.
std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(text.begin(), text.end(), value);
  if (error != std::errc() || stop != text.end()) return std::nullopt;
  return value;
}

std::string_view take_while(std::string_view& rest, bool (*wanted)(char)) {
  const auto end = std::ranges::find_if_not(rest, wanted);
  const auto taken = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(taken.size());
  return taken;
}

bool take(std::string_view& rest, char c) {
  if (!rest.starts_with(c)) return false;
  rest.remove_prefix(1);
  return true;
}

/// Up to the first dot, which is taken too.
std::string_view next_identifier(std::string_view& rest) {
  const auto found = rest.substr(0, rest.find('.'));
  rest.remove_prefix(std::min(found.size() + 1, rest.size()));
  return found;
}

/// Identifiers between dots, none of them empty.
std::optional<std::string_view> take_identifiers(std::string_view& rest) {
  const auto whole = rest;
  do {
    if (take_while(rest, is_identifier_char).empty()) return std::nullopt;
  } while (take(rest, '.'));
  return whole.substr(0, whole.size() - rest.size());
}

bool has_leading_zero(std::string_view identifiers) {
  while (!identifiers.empty()) {
    const auto identifier = next_identifier(identifiers);
    if (identifier.size() > 1 && identifier.starts_with('0') && std::ranges::all_of(identifier, is_digit)) return true;
  }
  return false;
}

std::strong_ordering compare_identifiers(std::string_view a, std::string_view b) {
  const auto x = number(a);
  const auto y = number(b);
  // A number too large for 64 bits is a word to the library, too.
  if (x && y) return *x <=> *y;
  if (x) return std::strong_ordering::less;
  if (y) return std::strong_ordering::greater;
  return a <=> b;
}

}  // namespace

std::strong_ordering compare_prereleases(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty())
    if (const auto order = compare_identifiers(next_identifier(a), next_identifier(b)); order != 0) return order;
  return !a.empty() <=> !b.empty();
}

std::strong_ordering operator<=>(const Version& a, const Version& b) {
  if (const auto order = std::tie(a.major, a.minor, a.patch) <=> std::tie(b.major, b.minor, b.patch); order != 0)
    return order;
  if (a.prerelease.empty() || b.prerelease.empty()) return a.prerelease.empty() <=> b.prerelease.empty();
  return compare_prereleases(a.prerelease, b.prerelease);
}

std::optional<Version> Version::parse(std::string_view text) {
  take(text, 'v');
  Version version;
  std::uint64_t* const parts[] = {&version.major, &version.minor, &version.patch};
  for (auto* part : parts) {
    if (part != &version.major && !take(text, '.')) break;
    const auto value = number(take_while(text, is_digit));
    if (!value) return std::nullopt;
    *part = *value;
  }
  if (take(text, '-')) {
    const auto prerelease = take_identifiers(text);
    if (!prerelease || has_leading_zero(*prerelease)) return std::nullopt;
    version.prerelease = *prerelease;
  }
  if (take(text, '+') && !take_identifiers(text)) return std::nullopt;
  if (!text.empty()) return std::nullopt;
  return version;
}

}  // namespace flux::images
