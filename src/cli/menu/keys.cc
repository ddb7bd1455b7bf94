#include "cli/menu/keys.h"

#include <optional>
#include <utility>

namespace flux::cli {
namespace {

constexpr char kControlC = '\x03';
constexpr char kEscape = '\x1b';

std::optional<Key> plain_key(char byte) {
  switch (byte) {
    case 'k':
      return Key::up;
    case 'j':
    case '\t':
      return Key::down;
    case ' ':
      return Key::toggle;
    case '\r':
      return Key::submit;
    case 'q':
      return Key::abort;
    default:
      return std::nullopt;
  }
}

std::optional<Key> arrow(char byte) {
  if (byte == 'A') return Key::up;
  if (byte == 'B') return Key::down;
  return std::nullopt;
}

/// The byte that ends a control sequence (ECMA-48, 5.4).
bool ends_sequence(char byte) { return byte >= '@' && byte <= '~'; }

}  // namespace

std::vector<Key> KeyReader::feed(std::string_view bytes) {
  std::vector<Key> keys;
  const auto found = [&](std::optional<Key> key) {
    if (key) keys.push_back(*key);
  };
  for (const char byte : bytes) {
    if (byte == kControlC) {
      // Whatever went wrong before it, this one always works.
      state_ = State::plain;
      found(Key::abort);
    } else if (byte == kEscape) {
      state_ = State::escape;
    } else if (state_ == State::escape) {
      // Together with any other key it is Alt and that key, which means nothing here.
      state_ = byte == '[' ? State::sequence : byte == 'O' ? State::function : State::plain;
    } else if (state_ == State::sequence) {
      if (!ends_sequence(byte)) continue;
      state_ = State::plain;
      found(arrow(byte));
    } else {
      found(std::exchange(state_, State::plain) == State::function ? arrow(byte) : plain_key(byte));
    }
  }
  return keys;
}

std::vector<Key> KeyReader::pause() {
  if (state_ != State::escape) return {};
  state_ = State::plain;
  return {Key::abort};
}

}  // namespace flux::cli
