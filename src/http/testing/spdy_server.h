#pragma once

#include <zlib.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "http/spdy_dictionary.h"
#include "http/spdy_frames.h"

namespace flux::http::testing {

/// One direction of SPDY's header compression, read with zlib alone.
class SpdyHeaderInflater {
 public:
  SpdyHeaderInflater() { inflateInit(&stream_); }
  SpdyHeaderInflater(const SpdyHeaderInflater&) = delete;
  SpdyHeaderInflater& operator=(const SpdyHeaderInflater&) = delete;
  ~SpdyHeaderInflater() { inflateEnd(&stream_); }

  /// Empty when the block makes no sense.
  std::map<std::string, std::string> inflate(std::string block) {
    std::array<char, 65536> out{};
    stream_.next_in = reinterpret_cast<Bytef*>(block.data());
    stream_.avail_in = static_cast<uInt>(block.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = out.size();
    int code = ::inflate(&stream_, Z_SYNC_FLUSH);
    if (code == Z_NEED_DICT) {
      const auto& words = spdy_dictionary();
      inflateSetDictionary(&stream_, reinterpret_cast<const Bytef*>(words.data()), static_cast<uInt>(words.size()));
      code = ::inflate(&stream_, Z_SYNC_FLUSH);
    }
    if (code != Z_OK) return {};
    return parse(std::string(out.data(), out.size() - stream_.avail_out));
  }

 private:
  static std::map<std::string, std::string> parse(const std::string& text) {
    std::size_t at = 0;
    const auto number = [&] {
      std::uint32_t value = 0;
      for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(text.at(at++));
      return value;
    };
    const auto word = [&] {
      const auto size = number();
      at += size;
      return text.substr(at - size, size);
    };
    std::map<std::string, std::string> headers;
    for (auto left = number(); left > 0; --left) {
      const auto name = word();
      headers[name] = word();
    }
    return headers;
  }

  z_stream stream_{};
};

}  // namespace flux::http::testing
