#include "cli/tunnel.h"

namespace flux::cli {
namespace {

class PortForwardTunnel : public Tunnel {
 public:
  explicit PortForwardTunnel(std::unique_ptr<cluster::PortForward> forward) : forward_(std::move(forward)) {}
  [[nodiscard]] std::string url() const override { return forward_->url(); }
  [[nodiscard]] std::optional<Error> failure() const override { return forward_->failure(); }

 private:
  std::unique_ptr<cluster::PortForward> forward_;
};

}  // namespace

Result<std::unique_ptr<Tunnel>> open_port_forward(const Context& ctx, const cluster::ConfigSources& sources,
                                                  const cluster::DaemonQuery& query) {
  auto forward = cluster::PortForward::open(ctx, sources, query);
  if (!forward) return Failure(forward.error());
  return std::make_unique<PortForwardTunnel>(*std::move(forward));
}

}  // namespace flux::cli
