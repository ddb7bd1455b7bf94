#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace flux::http {

/// The wire format of WebSocket (RFC 6455, section 5), pure.
enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct WebSocketFrame {
  bool last = true;  ///< of its message
  Opcode opcode = Opcode::binary;
  std::string payload;
};

/// A whole message or control frame as a client sends it. `mask` has to be unpredictable.
[[nodiscard]] std::string encode_frame(Opcode opcode, std::string_view payload,
                                       const std::array<std::uint8_t, 4>& mask);

/// Takes a server's bytes as they come, gives out frames.
class FrameReader {
 public:
  /// A frame with more payload than this is an error.
  explicit FrameReader(std::size_t max_payload) : max_payload_(max_payload) {}

  /// Where to append what was received.
  [[nodiscard]] std::string& input() { return input_; }
  /// The next whole frame; nothing until more has come. Server error for what no server may send.
  Result<std::optional<WebSocketFrame>> next();

 private:
  const std::size_t max_payload_;
  std::string input_;
};

/// What a server must answer as Sec-WebSocket-Accept to this Sec-WebSocket-Key.
[[nodiscard]] std::string accept_for_key(std::string_view key);

}  // namespace flux::http
