#include <fmt/format.h>

#include <atomic>

#include "cluster/forward/tunnel.h"
#include "http/spdy_session.h"

namespace flux::cluster {
namespace {

constexpr std::string_view kSpdyProtocol = "portforward.k8s.io";
constexpr std::string_view kTunnelled = "SPDY/3.1+portforward.k8s.io";
// The error stream ends just before or with the data.
constexpr Duration kLastWords = std::chrono::seconds(2);

class SpdyPodStream : public PodStream {
 public:
  SpdyPodStream(std::unique_ptr<http::SpdyStream> data, std::unique_ptr<http::SpdyStream> errors)
      : data_(std::move(data)), errors_(std::move(errors)) {}

  Result<void> write(const Context& ctx, std::string_view bytes) override { return data_->write(ctx, bytes); }

  Result<bool> finish(const Context& ctx) override {
    if (auto ok = data_->finish(ctx); !ok) return Failure(ok.error());
    return true;
  }

  Result<bool> read(const Context& ctx, std::string& to) override {
    auto more = data_->read(ctx, to);
    if (more && *more) return true;
    if (!more && more.error().kind == ErrorKind::cancelled) return more;
    if (const auto words = last_words(ctx); !words.empty()) return fail(ErrorKind::server, words);
    return more;
  }

 private:
  /// What the node says about an end that is not the pod's own.
  std::string last_words(const Context& ctx) {
    std::string words;
    const auto soon = ctx.with_timeout(kLastWords);
    while (true)
      if (const auto more = errors_->read(soon, words); !more || !*more) return words;
  }

  std::unique_ptr<http::SpdyStream> data_;
  std::unique_ptr<http::SpdyStream> errors_;
};

class SpdyTunnel : public Tunnel {
 public:
  SpdyTunnel(std::unique_ptr<http::SpdySession> session, std::uint16_t port)
      : session_(std::move(session)), port_(port) {}

  Result<std::unique_ptr<PodStream>> open(const Bounded& ctx) override {
    const auto request = next_request_++;
    auto errors = session_->open(ctx, headers("error", request), true);
    if (!errors) return Failure(errors.error());
    auto data = session_->open(ctx, headers("data", request), false);
    if (!data) return Failure(data.error());
    return std::make_unique<SpdyPodStream>(std::move(*data), std::move(*errors));
  }

  [[nodiscard]] bool alive() const override { return !session_->ended(); }

 private:
  [[nodiscard]] http::Headers headers(std::string type, unsigned request) const {
    return {{"streamtype", std::move(type)}, {"port", std::to_string(port_)}, {"requestid", std::to_string(request)}};
  }

  const std::unique_ptr<http::SpdySession> session_;
  const std::uint16_t port_;
  std::atomic<unsigned> next_request_ = 0;
};

}  // namespace

http::UpgradeResult<std::unique_ptr<Tunnel>> open_spdy_tunnel(const Bounded& ctx, Access& access,
                                                              const TunnelTarget& target, bool in_websocket) {
  std::unique_ptr<http::ByteStream> wire;
  if (in_websocket) {
    auto socket = access.open_websocket(ctx, portforward_path(target), std::string(kTunnelled));
    if (!socket) return tl::unexpected(std::move(socket.error()));
    wire = http::as_byte_stream(std::move(*socket));
  } else {
    auto upgraded = access.open_spdy(ctx, portforward_path(target), std::string(kSpdyProtocol));
    if (!upgraded) return tl::unexpected(std::move(upgraded.error()));
    wire = std::move(*upgraded);
  }
  auto session = http::SpdySession::start(std::move(wire));
  if (!session) return tl::unexpected(http::UpgradeError{std::move(session.error()), 0, {}});
  return std::make_unique<SpdyTunnel>(*std::move(session), target.port);
}

}  // namespace flux::cluster
