#include "base/secret.h"

namespace flux {

std::string scrub(std::string text, const std::vector<Secret>& secrets) {
  static constexpr std::string_view kMask = "<redacted>";
  for (const auto& secret : secrets) {
    const auto& needle = secret.reveal();
    if (needle.size() < 3) continue;
    for (auto at = text.find(needle); at != std::string::npos; at = text.find(needle, at + kMask.size()))
      text.replace(at, needle.size(), kMask);
  }
  return text;
}

}  // namespace flux
