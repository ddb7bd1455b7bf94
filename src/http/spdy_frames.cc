#include "http/spdy_frames.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <ranges>

#include "base/ascii.h"
#include "http/spdy_dictionary.h"

namespace flux::http {
namespace {

constexpr std::uint16_t kVersion = 3;
constexpr std::uint32_t kStreamMask = 0x7FFFFFFF;
constexpr std::size_t kHead = 8;
constexpr std::size_t kMaxControl = std::size_t{1} << 20;

void append(std::string& to, std::uint32_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) to += static_cast<char>((value >> shift) & 0xFF);
}

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (const char c : bytes.substr(at, count)) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

std::string body_of(const SpdyFrame& frame) {
  std::string body;
  if (frame.type != SpdyType::ping && frame.type != SpdyType::goaway) append(body, frame.stream & kStreamMask, 4);
  switch (frame.type) {
    case SpdyType::syn_stream:
      append(body, 0, 4);  // belongs to no other stream
      append(body, 0, 2);  // priority, credential slot
      break;
    case SpdyType::ping:
      append(body, frame.stream, 4);
      break;
    case SpdyType::goaway:
      append(body, frame.stream & kStreamMask, 4);
      [[fallthrough]];
    case SpdyType::rst_stream:
    case SpdyType::window_update:
      append(body, frame.number, 4);
      break;
    default:
      break;
  }
  return body + frame.payload;
}

/// The fixed part of a control frame's body, in bytes.
std::size_t fixed_size(SpdyType type) {
  switch (type) {
    case SpdyType::syn_stream:
      return 10;
    case SpdyType::rst_stream:
    case SpdyType::goaway:
    case SpdyType::window_update:
      return 8;
    case SpdyType::syn_reply:
    case SpdyType::ping:
    case SpdyType::headers:
    case SpdyType::settings:
      return 4;
    default:
      return 0;
  }
}

SpdyFrame control_frame(SpdyType type, std::uint8_t flags, std::string_view body) {
  SpdyFrame frame{type, flags, 0, 0, {}};
  if (type != SpdyType::settings) frame.stream = number_at(body, 0, 4);
  if (type != SpdyType::ping) frame.stream &= kStreamMask;
  if (type == SpdyType::rst_stream || type == SpdyType::goaway || type == SpdyType::window_update)
    frame.number = number_at(body, 4, 4);
  frame.payload = body.substr(fixed_size(type));
  return frame;
}

std::string header_block(const Headers& headers) {
  std::string block;
  append(block, static_cast<std::uint32_t>(std::ranges::distance(headers)), 4);
  for (const auto& [name, value] : headers) {
    append(block, static_cast<std::uint32_t>(name.size()), 4);
    block += to_lower(name);
    append(block, static_cast<std::uint32_t>(value.size()), 4);
    block += value;
  }
  return block;
}

Failure broken_spdy(std::string_view why) {
  return fail(ErrorKind::server, fmt::format("the server broke the SPDY protocol: {}", why),
              "A proxy in between may have changed the data.");
}

}  // namespace

std::string encode_spdy(const SpdyFrame& frame) {
  std::string bytes;
  bytes.reserve(frame.payload.size() + 18);
  if (frame.type == SpdyType::data) {
    append(bytes, frame.stream & kStreamMask, 4);
    append(bytes, frame.flags, 1);
    append(bytes, static_cast<std::uint32_t>(frame.payload.size()), 3);
    return bytes + frame.payload;
  }
  const auto body = body_of(frame);
  append(bytes, 0x8000U | kVersion, 2);
  append(bytes, static_cast<std::uint16_t>(frame.type), 2);
  append(bytes, frame.flags, 1);
  append(bytes, static_cast<std::uint32_t>(body.size()), 3);
  return bytes + body;
}

Result<std::optional<SpdyFrame>> SpdyReader::next() {
  while (input_.size() >= kHead) {
    const bool control = (static_cast<std::uint8_t>(input_[0]) & 0x80U) != 0;
    const auto flags = static_cast<std::uint8_t>(input_[4]);
    const std::size_t length = number_at(input_, 5, 3);
    if (control && (number_at(input_, 0, 2) & 0x7FFFU) != kVersion) return broken_spdy("this is not SPDY/3.1");
    if (control && length > kMaxControl) return broken_spdy("a control frame is too long");
    if (input_.size() < kHead + length) return std::nullopt;
    const std::string body = input_.substr(kHead, length);
    const auto first = number_at(input_, 0, 4);
    input_.erase(0, kHead + length);
    if (!control) return SpdyFrame{SpdyType::data, flags, first & kStreamMask, 0, body};
    const auto type = static_cast<SpdyType>(first & 0xFFFFU);
    if (fixed_size(type) == 0) continue;
    if (body.size() < fixed_size(type)) return broken_spdy("a control frame is too short");
    return control_frame(type, flags, body);
  }
  return std::nullopt;
}

struct SpdyHeaderDeflater::Stream {
  z_stream z{};
};

SpdyHeaderDeflater::SpdyHeaderDeflater() : stream_(std::make_unique<Stream>()) {
  const auto& dictionary = spdy_dictionary();
  deflateInit(&stream_->z, Z_BEST_COMPRESSION);
  deflateSetDictionary(&stream_->z, reinterpret_cast<const Bytef*>(dictionary.data()),
                       static_cast<uInt>(dictionary.size()));
}

SpdyHeaderDeflater::~SpdyHeaderDeflater() { deflateEnd(&stream_->z); }

std::string SpdyHeaderDeflater::deflate(const Headers& headers) {
  auto block = header_block(headers);
  auto& z = stream_->z;
  z.next_in = reinterpret_cast<Bytef*>(block.data());
  z.avail_in = static_cast<uInt>(block.size());
  std::string compressed;
  std::array<char, 1024> piece;
  do {
    z.next_out = reinterpret_cast<Bytef*>(piece.data());
    z.avail_out = static_cast<uInt>(piece.size());
    ::deflate(&z, Z_SYNC_FLUSH);
    compressed.append(piece.data(), piece.size() - z.avail_out);
  } while (z.avail_out == 0);
  return compressed;
}

}  // namespace flux::http
