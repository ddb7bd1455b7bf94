#include "http/websocket.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/rand.h>

#include <algorithm>

#include "base/base64.h"
#include "http/url.h"

namespace flux::http {
namespace {

constexpr unsigned kNormal = 1000;
constexpr unsigned kGoingAway = 1001;

std::array<std::uint8_t, 4> random_mask() {
  std::array<std::uint8_t, 4> mask{};
  RAND_bytes(mask.data(), mask.size());
  return mask;
}

std::string random_key() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), bytes.size());
  return encode_base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string http_url(const std::string& url) {
  if (url.starts_with("wss://")) return "https" + url.substr(3);
  if (url.starts_with("ws://")) return "http" + url.substr(2);
  return url;
}

tl::unexpected<UpgradeError> refuse(const std::string& what, std::string_view why) {
  UpgradeError error;
  error.message = fmt::format("{}: {}", what, why);
  error.help = "A proxy in between may not let WebSockets through.";
  return tl::unexpected(std::move(error));
}

/// The chosen sub-protocol, once the answer has been found to be what was asked for.
UpgradeResult<std::string> check_answer(const Headers& headers, const std::string& what, const std::string& key,
                                        const std::vector<std::string>& protocols) {
  if (headers.get("Sec-WebSocket-Accept") != accept_for_key(key))
    return refuse(what, "the answer to the WebSocket handshake is not meant for us");
  auto chosen = headers.get("Sec-WebSocket-Protocol").value_or("");
  if (chosen.empty() ? !protocols.empty() : std::ranges::find(protocols, chosen) == protocols.end())
    return refuse(what, fmt::format("the server speaks none of the sub-protocols {}", fmt::join(protocols, ", ")));
  return chosen;
}

class MessageBytes : public ByteStream {
 public:
  explicit MessageBytes(std::unique_ptr<WebSocket> socket) : socket_(std::move(socket)) {}
  Result<void> write(const Context& ctx, std::string_view bytes) override { return socket_->send(ctx, bytes); }
  void post(std::string_view bytes) override { socket_->post(bytes); }
  Result<bool> read(const Context& ctx, std::string& to) override {
    while (true) {
      auto message = socket_->receive(ctx);
      if (!message) return Failure(message.error());
      if (!*message) return false;
      if ((*message)->empty()) continue;
      to += **message;
      return true;
    }
  }

 private:
  std::unique_ptr<WebSocket> socket_;
};

}  // namespace

WebSocket::WebSocket(std::unique_ptr<ByteStream> stream, std::string protocol, std::size_t max_message)
    : stream_(std::move(stream)), protocol_(std::move(protocol)), max_message_(max_message), reader_(max_message) {}

WebSocket::~WebSocket() { close(); }

UpgradeResult<std::unique_ptr<WebSocket>> WebSocket::open(const Bounded& ctx, WebSocketRequest request,
                                                          ClientOptions options) {
  const auto key = random_key();
  UpgradeRequest asked;
  asked.url = http_url(request.url);
  asked.headers = std::move(request.headers);
  asked.authorization = std::move(request.authorization);
  asked.headers.add("Upgrade", "websocket");
  asked.headers.add("Sec-WebSocket-Version", "13");
  asked.headers.add("Sec-WebSocket-Key", key);
  if (!request.protocols.empty())
    asked.headers.add("Sec-WebSocket-Protocol", fmt::format("{}", fmt::join(request.protocols, ", ")));
  auto upgraded = upgrade(ctx, asked, std::move(options));
  if (!upgraded) return tl::unexpected(std::move(upgraded.error()));
  auto protocol = check_answer(upgraded->headers, parse_url(asked.url)->display, key, request.protocols);
  if (!protocol) return tl::unexpected(std::move(protocol.error()));
  return std::unique_ptr<WebSocket>(
      new WebSocket(std::move(upgraded->stream), std::move(*protocol), request.max_message));
}

Result<void> WebSocket::send(const Context& ctx, std::string_view message) {
  if (closing_) return fail(ErrorKind::server, "the WebSocket is closed");
  return stream_->write(ctx, encode_frame(Opcode::binary, message, random_mask()));
}

void WebSocket::post(std::string_view message) {
  if (!closing_) stream_->post(encode_frame(Opcode::binary, message, random_mask()));
}

void WebSocket::close() {
  static constexpr std::string_view kStatus("\x03\xE8", 2);  // 1000
  if (!closing_.exchange(true)) stream_->post(encode_frame(Opcode::close, kStatus, random_mask()));
}

Result<std::optional<std::string>> WebSocket::closed(const std::string& payload) {
  close();
  if (payload.size() < 2) return std::nullopt;
  const unsigned status = static_cast<std::uint8_t>(payload[0]) * 256U + static_cast<std::uint8_t>(payload[1]);
  if (status == kNormal || status == kGoingAway) return std::nullopt;
  return fail(ErrorKind::server, fmt::format("the server closed the WebSocket with status {}{}{}", status,
                                             payload.size() > 2 ? ": " : "", payload.substr(2)));
}

Result<std::optional<std::string>> WebSocket::receive(const Context& ctx) {
  while (true) {
    auto next = reader_.next();
    if (!next) return Failure(next.error());
    if (!*next) {
      const auto more = stream_->read(ctx, reader_.input());
      if (!more) return Failure(more.error());
      if (*more) continue;
      if (!in_message_ && reader_.input().empty()) return std::nullopt;
      return fail(ErrorKind::server, "the WebSocket ended in the middle of a message");
    }
    auto& frame = **next;
    if (frame.opcode == Opcode::close) return closed(frame.payload);
    if (frame.opcode == Opcode::ping && !closing_)
      stream_->post(encode_frame(Opcode::pong, frame.payload, random_mask()));
    if (frame.opcode == Opcode::ping || frame.opcode == Opcode::pong) continue;
    if (in_message_ != (frame.opcode == Opcode::continuation))
      return fail(ErrorKind::server, "the server broke the WebSocket protocol: the parts of a message are mixed up");
    if (message_.size() + frame.payload.size() > max_message_)
      return fail(ErrorKind::server, fmt::format("the server sent a message of more than {} bytes", max_message_));
    message_ += frame.payload;
    in_message_ = !frame.last;
    if (frame.last) return std::exchange(message_, {});
  }
}

std::unique_ptr<ByteStream> as_byte_stream(std::unique_ptr<WebSocket> socket) {
  return std::make_unique<MessageBytes>(std::move(socket));
}

}  // namespace flux::http
