#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace flux::http {

/// The wire format of SPDY/3.1 as far as Kubernetes' streams use it. Pure but for the state of header compression.
enum class SpdyType : std::uint16_t {
  data = 0,  ///< not a control frame
  syn_stream = 1,
  syn_reply = 2,
  rst_stream = 3,
  settings = 4,
  ping = 6,
  goaway = 7,
  headers = 8,
  window_update = 9,
};

inline constexpr std::uint8_t kSpdyFin = 1;
inline constexpr std::uint32_t kSpdyRefused = 3;  ///< status of RST_STREAM
inline constexpr std::uint32_t kSpdyCancel = 5;

struct SpdyFrame {
  SpdyType type = SpdyType::data;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;  ///< 0 for frames of the connection; of a ping its id
  std::uint32_t number = 0;  ///< status of rst_stream and goaway, increment of window_update
  std::string payload;       ///< of data; the compressed header block of syn_stream, syn_reply and headers

  [[nodiscard]] bool fin() const { return (flags & kSpdyFin) != 0; }
};

/// Any frame but settings.
[[nodiscard]] std::string encode_spdy(const SpdyFrame& frame);

/// Takes bytes as they come, gives out frames.
class SpdyReader {
 public:
  /// Where to append what was received.
  [[nodiscard]] std::string& input() { return input_; }
  /// The next whole frame; nothing until more has come. Frames of unknown kind are skipped. Server error for bytes that
  /// are not SPDY/3.1.
  Result<std::optional<SpdyFrame>> next();

 private:
  std::string input_;
};

/// One direction of a connection's header blocks: each depends on all before it, so none may be left out.
class SpdyHeaderDeflater {
 public:
  SpdyHeaderDeflater();
  SpdyHeaderDeflater(const SpdyHeaderDeflater&) = delete;
  SpdyHeaderDeflater& operator=(const SpdyHeaderDeflater&) = delete;
  ~SpdyHeaderDeflater();

  /// Names are sent in lower case, as they have to be.
  [[nodiscard]] std::string deflate(const Headers& headers);

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace flux::http
