#include "http/testing/http2.h"

namespace flux::http::testing {
namespace {

std::uint32_t number(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

std::string be32(std::uint32_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

Http2::Http2(Wire& wire) : wire_(wire) {
  static constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  wire_.read(kPreface.size());
  send({Frame::settings});
}

bool Http2::send(const Frame& frame) {
  auto bytes = be32(static_cast<std::uint32_t>(frame.payload.size())).substr(1);
  bytes += static_cast<char>(frame.type);
  bytes += static_cast<char>(frame.flags);
  return wire_.write(bytes + be32(frame.stream) + frame.payload);
}

std::optional<Frame> Http2::receive() {
  while (true) {
    const auto head = wire_.read(9);
    if (head.size() < 9) return std::nullopt;
    Frame frame{static_cast<std::uint8_t>(head[3]), static_cast<std::uint8_t>(head[4]), number(head.substr(5)), {}};
    frame.payload = wire_.read(number(head.substr(0, 3)));
    const bool wants_ack = frame.type == Frame::settings || frame.type == Frame::ping;
    if (!wants_ack) return frame;
    if (!(frame.flags & Frame::kAck))
      send({frame.type, Frame::kAck, 0, frame.type == Frame::ping ? frame.payload : std::string()});
  }
}

std::optional<std::uint32_t> Http2::next_request() {
  while (const auto frame = receive())
    if (frame->type == Frame::headers) return frame->stream;
  return std::nullopt;
}

bool Http2::begin_answer(std::uint32_t stream) {
  return send({Frame::headers, Frame::kHeadersEnd, stream, "\x88"});  // HPACK's static entry for `:status: 200`
}

bool Http2::answer(std::uint32_t stream, const std::string& body) {
  return begin_answer(stream) && send({Frame::data, Frame::kEnd, stream, body});
}

bool Http2::go_away(std::uint32_t last_stream, std::uint32_t code) {
  return send({Frame::goaway, 0, 0, be32(last_stream) + be32(code)});
}

bool Http2::reset(std::uint32_t stream, std::uint32_t code) { return send({Frame::rst_stream, 0, stream, be32(code)}); }

}  // namespace flux::http::testing
