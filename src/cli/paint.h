#pragma once

#include <string>
#include <string_view>

namespace flux::cli {

enum class Colour { red = 31, green = 32, yellow = 33, cyan = 36 };

/// Text in colour where that is wanted, as it is elsewhere.
class Paint {
 public:
  explicit Paint(bool on) : on_(on) {}
  [[nodiscard]] std::string operator()(Colour colour, std::string_view text) const;

 private:
  bool on_;
};

}  // namespace flux::cli
