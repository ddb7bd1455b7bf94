#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/testing/peer.h"

namespace flux::http::testing {

/// The least of HTTP/2 that a test needs to play a server frame by frame.
struct Frame {
  enum Type : std::uint8_t { data = 0, headers = 1, rst_stream = 3, settings = 4, ping = 6, goaway = 7 };
  static constexpr std::uint8_t kEnd = 0x1;  ///< END_STREAM of data and headers
  static constexpr std::uint8_t kAck = 0x1;  ///< of settings and ping
  static constexpr std::uint8_t kHeadersEnd = 0x4;

  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;
  std::string payload{};
};

/// The server's half of one connection: does the handshake when made, then gives and takes frames.
class Http2 {
 public:
  explicit Http2(Wire& wire);

  bool send(const Frame& frame);
  /// Nothing at the end of the connection. Settings and pings are answered on the way and not returned.
  std::optional<Frame> receive();
  /// The stream number of the next request that begins; its body is not read. Nothing at the end of the connection.
  std::optional<std::uint32_t> next_request();

  /// The header of a 200.
  bool begin_answer(std::uint32_t stream);
  bool answer(std::uint32_t stream, const std::string& body);
  bool go_away(std::uint32_t last_stream, std::uint32_t code);
  bool reset(std::uint32_t stream, std::uint32_t code);

 private:
  Wire& wire_;
};

/// Big-endian, as frames have it.
[[nodiscard]] std::string be32(std::uint32_t number);

}  // namespace flux::http::testing
