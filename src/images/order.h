#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.h"
#include "images/semver.h"

namespace flux::images {

/// What decides which of two images is newer (compat/manifests-and-releases.md 7.2).
enum class Order {
  created,  ///< created later first, unknown times last; ties by ascending text of the reference
  version,  ///< higher version first, ties by descending text; tags that are no versions last, by ascending text
};

/// An image's place in an order, worked out once, so that sorting 10,000 of them reads each version once.
struct Place {
  std::optional<Version> version{};    ///< only where the order is by version, and the tag is one
  std::optional<Timestamp> created{};  ///< only where the order is by time, and it is known
  std::string reference{};             ///< as text

  Place(Order order, std::string_view tag, std::optional<Timestamp> created_at, std::string text);
};

/// Whether `a` comes before `b`, both being places in one order. A strict weak order.
[[nodiscard]] bool newer(const Place& a, const Place& b);

/// Those that have a place, newest first. Large ones stay where they are.
template <class T>
std::vector<T*> newest_first(std::vector<T>& all) {
  std::vector<T*> sorted;
  sorted.reserve(all.size());
  for (auto& one : all) sorted.push_back(&one);
  std::ranges::sort(sorted, [](const T* a, const T* b) { return newer(a->place, b->place); });
  return sorted;
}

}  // namespace flux::images
