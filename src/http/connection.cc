#include "http/connection.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>

#include <array>

#include "base/descriptor.h"
#include "base/guarded.h"
#include "http/transfer.h"
#include "http/transfer_error.h"

namespace flux::http {
namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10;

/// OpenSSL writes without MSG_NOSIGNAL. A signal that was raised meanwhile is taken away before it is let through.
class SigpipeGuard {
 public:
  SigpipeGuard() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;
  ~SigpipeGuard() {
    if (sigismember(&before_, SIGPIPE)) return;
    const timespec at_once{};
    while (sigtimedwait(&pipe_, nullptr, &at_once) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

std::optional<CURLcode> finished(CURLM* multi) {
  int left = 0;
  while (const auto* message = curl_multi_info_read(multi, &left))
    if (message->msg == CURLMSG_DONE) return message->data.result;
  return std::nullopt;
}

int poll_timeout(const Context& ctx) {
  if (!ctx.deadline()) return 60'000;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*ctx.deadline() - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

}  // namespace

struct Connection::Wire {
  Wire(ClientSettings with, Multi in) : settings(std::move(with)), multi(std::move(in)) {}
  ~Wire() {
    const SigpipeGuard guard;  // the goodbye of TLS
    if (added) curl_multi_remove_handle(multi.get(), transfer->easy());
    transfer.reset();
    multi.reset();
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  Result<void> connect(const Context& ctx, const std::string& url);
  Result<void> perform(const Context& ctx);
  void flush() REQUIRES(mutex);
  Failure broke(CURLcode code) REQUIRES(mutex);

  const ClientSettings settings;  // curl holds pointers into it
  Multi multi;
  std::unique_ptr<Transfer> transfer;
  bool added = false;
  curl_socket_t socket = CURL_SOCKET_BAD;

  // Once connected, curl's handle needs it too; before, there is one thread and no mutex to name.
  Mutex mutex;
  std::string waiting GUARDED_BY(mutex);
  // OpenSSL wants a write that did not fit to be repeated with the same bytes at the same address.
  std::string leaving GUARDED_BY(mutex);
  std::size_t left GUARDED_BY(mutex) = 0;         // of `leaving`, gone already
  std::uint64_t accepted GUARDED_BY(mutex) = 0;   // bytes ever given to us
  std::uint64_t delivered GUARDED_BY(mutex) = 0;  // bytes ever given to the system
  std::optional<Error> broken GUARDED_BY(mutex);
};

Result<void> Connection::Wire::connect(const Context& ctx, const std::string& url) {
  ClientRequest request;
  request.url = url;
  auto made = Transfer::make(ctx, std::move(request));
  if (!made) return Failure(made.error());
  transfer = std::move(*made);
  transfer->on_connected = [] {};
  Easy handle(curl_easy_init());
  if (!handle) return fail(ErrorKind::server, "the connection cannot be made: no memory left");
  if (auto ok = transfer->prepare(std::move(handle), settings); !ok) return ok;
  auto* easy = transfer->easy();
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
  added = curl_multi_add_handle(multi.get(), easy) == CURLM_OK;
  if (!added) return fail(ErrorKind::server, "the connection cannot be made: no memory left");
  if (auto ok = perform(ctx); !ok) return ok;
  curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket);
  if (socket == CURL_SOCKET_BAD)
    return fail(ErrorKind::server, transfer->url().display + ": the connection was closed at once");
  return {};
}

Result<void> Connection::Wire::perform(const Context& ctx) {
  const SigpipeGuard guard;
  const auto wake = [this] { curl_multi_wakeup(multi.get()); };
  const std::stop_callback on_stop(ctx.stop_token(), wake);
  while (true) {
    int running = 0;
    curl_multi_perform(multi.get(), &running);
    if (const auto code = finished(multi.get())) {
      if (auto answer = transfer->outcome(*code); !answer) return Failure(answer.error());
      return {};
    }
    if (auto ok = ctx.check(); !ok) return wrap(ok.error(), "connecting to " + transfer->url().display);
    curl_multi_poll(multi.get(), nullptr, 0, poll_timeout(ctx), nullptr);
  }
}

Failure Connection::Wire::broke(CURLcode code) {
  broken = transfer_error(transfer->url().display, code, {});
  return Failure(*broken);
}

void Connection::Wire::flush() {
  while (!broken) {
    if (left == leaving.size()) {
      left = 0;
      leaving = std::exchange(waiting, {});
    }
    if (leaving.empty()) return;
    std::size_t sent = 0;
    const auto code = curl_easy_send(transfer->easy(), leaving.data() + left, leaving.size() - left, &sent);
    if (code == CURLE_AGAIN) return;
    if (code != CURLE_OK) return static_cast<void>(broke(code));
    left += sent;
    delivered += sent;
  }
}

Connection::Connection() = default;
Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::open(const Bounded& ctx, const std::string& url,
                                                     ClientOptions options) {
  auto settings = make_settings(std::move(options));
  if (!settings) return Failure(settings.error());
  auto multi = make_multi();
  if (!multi) return wrap(multi.error(), "making a connection");
  std::unique_ptr<Connection> connection(new Connection);
  connection->wire_ = std::make_unique<Wire>(std::move(*settings), std::move(*multi));
  if (auto ok = connection->wire_->connect(ctx, url); !ok) return Failure(ok.error());
  return connection;
}

void Connection::post(std::string_view bytes) {
  const SigpipeGuard guard;
  const MutexLock lock(wire_->mutex);
  wire_->waiting.append(bytes);
  wire_->accepted += bytes.size();
  wire_->flush();
}

Result<void> Connection::write(const Context& ctx, std::string_view bytes) {
  const SigpipeGuard guard;
  MutexLock lock(wire_->mutex);
  wire_->waiting.append(bytes);
  wire_->accepted += bytes.size();
  const auto ours = wire_->accepted;
  while (true) {
    wire_->flush();
    if (wire_->broken) return Failure(*wire_->broken);
    if (wire_->delivered >= ours) return {};
    lock.unlock();
    if (auto ok = wait_until_ready(ctx, wire_->socket, POLLOUT); !ok) return ok;
    lock.lock();
  }
}

Result<bool> Connection::read(const Context& ctx, std::string& to) {
  const SigpipeGuard guard;
  std::array<char, kChunk> chunk;
  while (true) {
    short events = POLLIN;
    {
      const MutexLock lock(wire_->mutex);
      std::size_t count = 0;
      const auto code = curl_easy_recv(wire_->transfer->easy(), chunk.data(), chunk.size(), &count);
      if (code == CURLE_OK) {
        to.append(chunk.data(), count);
        return count > 0;
      }
      if (code != CURLE_AGAIN) return wire_->broke(code);
      wire_->flush();
      if (wire_->broken) return Failure(*wire_->broken);
      if (!wire_->leaving.empty() && wire_->left < wire_->leaving.size()) events |= POLLOUT;
    }
    if (auto ok = wait_until_ready(ctx, wire_->socket, events); !ok) return Failure(ok.error());
  }
}

}  // namespace flux::http
