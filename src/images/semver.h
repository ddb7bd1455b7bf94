#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flux::images {

/// A version as tags write it: `1.4.0`, `v1.4`, `2-rc.1`, `1.0.0+build`, what is missing being 0. The dialect is that
/// of Masterminds/semver 3.1.1 (compat/manifests-and-releases.md 7.3). A value; any thread.
struct Version {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::uint64_t patch = 0;
  std::string prerelease{};  ///< without its hyphen; empty: a release

  /// Nothing when the text is no version. Build metadata is checked and dropped: it has no part in precedence.
  static std::optional<Version> parse(std::string_view text);

  /// Precedence. No two spellings of a pre-release have the same one, so equal versions are equal in all parts.
  friend std::strong_ordering operator<=>(const Version& a, const Version& b);
  friend bool operator==(const Version&, const Version&) = default;
};

/// The precedence of two pre-releases of one version, of which neither is a release: identifier by identifier, numbers
/// by value and before words, fewer before more.
[[nodiscard]] std::strong_ordering compare_prereleases(std::string_view a, std::string_view b);

}  // namespace flux::images
