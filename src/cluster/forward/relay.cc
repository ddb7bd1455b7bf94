#include "cluster/forward/relay.h"

#include "base/worker.h"

namespace flux::cluster {
namespace {

/// False: the local program is gone, or the wire cannot say that it has finished; there is nobody left to serve.
Result<bool> send_all(const Context& ctx, LocalConnection& local, PodStream& pod) {
  std::string bytes;
  while (true) {
    bytes.clear();
    const auto more = local.read(ctx, bytes);
    if (!more) return false;
    if (!*more) return pod.finish(ctx);
    if (auto ok = pod.write(ctx, bytes); !ok) return Failure(ok.error());
  }
}

Result<void> receive_all(const Context& ctx, LocalConnection& local, PodStream& pod) {
  std::string bytes;
  while (true) {
    bytes.clear();
    const auto more = pod.read(ctx, bytes);
    if (!more) return Failure(more.error());
    if (!*more) {
      local.finish();
      return {};
    }
    if (auto ok = local.write(ctx, bytes); !ok) return {};
  }
}

}  // namespace

Result<void> relay(const Context& ctx, LocalConnection& local, PodStream& pod) {
  std::stop_source done;
  const std::stop_callback forward_stop(ctx.stop_token(), [&] { done.request_stop(); });
  const auto inner = ctx.with_stop(done.get_token());
  Result<void> received;
  {
    WorkerOptions options{.name = "forward relay", .doing = "moving bytes from the pod", .log = ctx.log};
    options.on_failure = [&](const Error& error) {
      received = Failure(error);
      done.request_stop();
    };
    const auto receiver = Worker::start(std::move(options), [&](const Context&) {
      received = receive_all(inner, local, pod);
      // The pod has ended: whatever is still to be sent, nobody will read.
      done.request_stop();
    });
    if (!receiver) return Failure(receiver.error());
    const auto sent = send_all(inner, local, pod);
    // What broke the writing ends the reading too, and there stands why.
    if (sent && !*sent) done.request_stop();
  }
  if (!received && received.error().kind == ErrorKind::cancelled && !ctx.done()) return {};
  return received;
}

}  // namespace flux::cluster
