#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flux {

/// Text that must not be seen: URL passwords, tokens, private keys, values of Secret objects.
/// Printing it in any way gives `<redacted>`; reveal() is the one door, so every use can be found by its name.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }
  friend bool operator==(const Secret&, const Secret&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "<redacted>"; }

 private:
  std::string value_;
};

/// `text` with `<redacted>` in place of each run of bytes that belong to a secret. For the output of other programs,
/// which may quote what we gave them. Secrets shorter than three bytes are left alone: they would blank out ordinary
/// words.
[[nodiscard]] std::string scrub(std::string text, const std::vector<Secret>& secrets);

}  // namespace flux
