#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace flux::cli {

/// What somebody at a menu wants (compat/fluxctl.md 4).
enum class Key : std::uint8_t { up, down, toggle, submit, abort };

/// Finds the keys in what a terminal in raw mode sends, in whatever pieces it comes. Keys without a meaning are left
/// out, with all bytes of their escape sequences. One thread.
class KeyReader {
 public:
  std::vector<Key> feed(std::string_view bytes);
  /// To be called when nothing has come for a moment: an escape that nothing follows is the key Esc.
  std::vector<Key> pause();

 private:
  enum class State : std::uint8_t { plain, escape, sequence, function };

  State state_ = State::plain;
};

}  // namespace flux::cli
