#include "http/websocket_frames.h"

#include <openssl/sha.h>

#include "base/base64.h"

namespace flux::http {
namespace {

constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kReserved = 0x70;
constexpr std::uint8_t kMasked = 0x80;
constexpr std::size_t kMaxControlPayload = 125;

void append_big_endian(std::string& to, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) to += static_cast<char>((value >> shift) & 0xFF);
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

bool is_control(Opcode opcode) { return (static_cast<std::uint8_t>(opcode) & 0x8) != 0; }

std::optional<Opcode> known_opcode(std::uint8_t bits) {
  for (const auto opcode :
       {Opcode::continuation, Opcode::text, Opcode::binary, Opcode::close, Opcode::ping, Opcode::pong})
    if (bits == static_cast<std::uint8_t>(opcode)) return opcode;
  return std::nullopt;
}

Failure broken_websocket(std::string_view why) {
  return fail(ErrorKind::server, "the server broke the WebSocket protocol: " + std::string(why),
              "A proxy in between may have changed the data.");
}

}  // namespace

std::string encode_frame(Opcode opcode, std::string_view payload, const std::array<std::uint8_t, 4>& mask) {
  std::string frame;
  frame.reserve(payload.size() + 14);
  frame += static_cast<char>(kFinal | static_cast<std::uint8_t>(opcode));
  if (payload.size() < 126) {
    frame += static_cast<char>(kMasked | payload.size());
  } else if (payload.size() < 65536) {
    frame += static_cast<char>(kMasked | 126);
    append_big_endian(frame, payload.size(), 2);
  } else {
    frame += static_cast<char>(kMasked | 127);
    append_big_endian(frame, payload.size(), 8);
  }
  for (const auto byte : mask) frame += static_cast<char>(byte);
  for (std::size_t i = 0; i < payload.size(); ++i)
    frame += static_cast<char>(static_cast<std::uint8_t>(payload[i]) ^ mask[i % 4]);
  return frame;
}

Result<std::optional<WebSocketFrame>> FrameReader::next() {
  if (input_.size() < 2) return std::nullopt;
  const auto first = static_cast<std::uint8_t>(input_[0]);
  const auto second = static_cast<std::uint8_t>(input_[1]);
  if ((first & kReserved) != 0) return broken_websocket("a reserved bit is set");
  const auto opcode = known_opcode(first & 0x0F);
  if (!opcode) return broken_websocket("a frame of unknown kind");
  if ((second & kMasked) != 0) return broken_websocket("a masked frame");
  std::size_t length = second & 0x7F;
  if (is_control(*opcode) && (length > kMaxControlPayload || (first & kFinal) == 0))
    return broken_websocket("a control frame that is long or in parts");
  const std::size_t extra = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (input_.size() < 2 + extra) return std::nullopt;
  if (extra > 0) length = big_endian(std::string_view(input_).substr(2, extra));
  if (length > max_payload_) return broken_websocket("a frame of " + std::to_string(length) + " bytes is too long");
  if (input_.size() < 2 + extra + length) return std::nullopt;
  WebSocketFrame frame{(first & kFinal) != 0, *opcode, input_.substr(2 + extra, length)};
  input_.erase(0, 2 + extra + length);
  return frame;
}

std::string accept_for_key(std::string_view key) {
  const auto salted = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(salted.data()), salted.size(), digest.data());
  return encode_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace flux::http
