#include "cluster/forward/local_port.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace flux::cluster {
namespace {

constexpr int kQueue = 64;

Failure failed(std::string_view what) {
  return fail(ErrorKind::server, fmt::format("{}: {}", what, std::strerror(errno)));
}

bool try_again() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

Result<LocalPort> LocalPort::listen() {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (!socket || ::bind(socket.get(), any, size) != 0 || ::listen(socket.get(), kQueue) != 0 ||
      ::getsockname(socket.get(), any, &size) != 0)
    return failed("listening on 127.0.0.1");
  return LocalPort(std::move(socket), ntohs(address.sin_port));
}

Result<LocalConnection> LocalPort::accept(const Context& ctx) {
  while (true) {
    if (auto ok = wait_until_ready(ctx, socket_.get(), POLLIN); !ok) return Failure(ok.error());
    Descriptor connection(::accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (connection) {
      const int on = 1;
      ::setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return LocalConnection(std::move(connection));
    }
    if (!try_again() && errno != ECONNABORTED) return failed("accepting a connection");
  }
}

Result<void> LocalConnection::write(const Context& ctx, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0)
      bytes.remove_prefix(static_cast<std::size_t>(count));
    else if (!try_again())
      return failed("writing to the local connection");
    else if (auto ok = wait_until_ready(ctx, socket_.get(), POLLOUT); !ok)
      return ok;
  }
  return {};
}

Result<bool> LocalConnection::read(const Context& ctx, std::string& to) {
  std::array<char, std::size_t{64} << 10> chunk;
  while (true) {
    if (auto ok = wait_until_ready(ctx, socket_.get(), POLLIN); !ok) return Failure(ok.error());
    const auto count = ::recv(socket_.get(), chunk.data(), chunk.size(), 0);
    if (count < 0 && try_again()) continue;
    if (count < 0) return failed("reading from the local connection");
    to.append(chunk.data(), static_cast<std::size_t>(count));
    return count > 0;
  }
}

void LocalConnection::finish() { ::shutdown(socket_.get(), SHUT_WR); }

void LocalConnection::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_.reset();
}

}  // namespace flux::cluster
