#include <fmt/format.h>

#include <array>

#include "base/guarded.h"
#include "cluster/forward/tunnel.h"

namespace flux::cluster {
namespace {

constexpr std::string_view kChannelProtocol = "v4.channel.k8s.io";
constexpr char kData = 0;
constexpr char kErrors = 1;

class ChannelPodStream : public PodStream {
 public:
  explicit ChannelPodStream(std::unique_ptr<http::WebSocket> socket) : socket_(std::move(socket)) {}

  Result<void> write(const Context& ctx, std::string_view bytes) override {
    return socket_->send(ctx, std::string(1, kData).append(bytes));
  }

  Result<bool> finish(const Context&) override { return false; }

  Result<bool> read(const Context& ctx, std::string& to) override {
    while (true) {
      auto message = socket_->receive(ctx);
      if (!message) return Failure(message.error());
      if (!*message) return false;
      const auto bytes = payload(**message);
      if (!bytes) return fail(ErrorKind::server, "the node sent something that belongs to no port");
      if (bytes->empty()) continue;
      if ((*message)->front() == kErrors) return fail(ErrorKind::server, std::string(*bytes));
      to += *bytes;
      return true;
    }
  }

 private:
  /// Without the channel's number and, at its beginning, the number of the port in two bytes.
  std::optional<std::string_view> payload(std::string_view message) {
    if (message.empty()) return message;
    const char channel = message.front();
    if (channel != kData && channel != kErrors) return std::nullopt;
    message.remove_prefix(1);
    auto& left = port_bytes_.at(static_cast<std::size_t>(channel));
    const auto count = std::min(left, message.size());
    left -= count;
    message.remove_prefix(count);
    return message;
  }

  std::unique_ptr<http::WebSocket> socket_;
  std::array<std::size_t, 2> port_bytes_{2, 2};
};

class ChannelTunnel : public Tunnel {
 public:
  ChannelTunnel(Access& access, TunnelTarget target, std::unique_ptr<http::WebSocket> first)
      : access_(access), target_(std::move(target)), spare_(std::move(first)) {}

  static http::UpgradeResult<std::unique_ptr<http::WebSocket>> connect(const Bounded& ctx, Access& access,
                                                                       const TunnelTarget& target) {
    return access.open_websocket(ctx, fmt::format("{}?ports={}", portforward_path(target), target.port),
                                 std::string(kChannelProtocol));
  }

  Result<std::unique_ptr<PodStream>> open(const Bounded& ctx) override {
    {
      const MutexLock lock(mutex_);
      if (spare_) return std::make_unique<ChannelPodStream>(std::exchange(spare_, nullptr));
    }
    auto socket = connect(ctx, access_, target_);
    if (socket) return std::make_unique<ChannelPodStream>(std::move(*socket));
    const auto& error = socket.error();
    if (error.status == 0) return Failure(error);
    return Failure(decode_status(error.status, error.body, "forwarding to pod " + target_.pod));
  }

  // Each connection is one of its own: only trying tells.
  [[nodiscard]] bool alive() const override { return true; }

 private:
  Access& access_;
  const TunnelTarget target_;
  Mutex mutex_;
  std::unique_ptr<http::WebSocket> spare_ GUARDED_BY(mutex_);  ///< what proved that the server speaks this
};

}  // namespace

http::UpgradeResult<std::unique_ptr<Tunnel>> open_channel_tunnel(const Bounded& ctx, Access& access,
                                                                 const TunnelTarget& target) {
  auto socket = ChannelTunnel::connect(ctx, access, target);
  if (!socket) return tl::unexpected(std::move(socket.error()));
  return std::make_unique<ChannelTunnel>(access, target, std::move(*socket));
}

}  // namespace flux::cluster
