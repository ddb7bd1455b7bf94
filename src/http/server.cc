#include "http/server.h"

#include <fmt/format.h>
#include <netinet/tcp.h>

#include "http/response_head.h"
#include "http/session.h"

namespace flux::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using Fault = boost::system::error_code;

namespace {

constexpr Duration kAcceptPause = std::chrono::milliseconds(50);
constexpr Duration kLongestServerPause = std::chrono::seconds(1);  // nobody is served meanwhile

/// Clients that vanish without a word are noticed after a minute and a half even on a silent stream.
void prepare(tcp::socket& socket) {
  Fault ignored;
  socket.non_blocking(true, ignored);
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  socket.set_option(asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>(60), ignored);
  socket.set_option(asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>(10), ignored);
  socket.set_option(asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>(3), ignored);
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
}

/// Says why and hangs up, without waiting for anything.
void turn_away(tcp::socket socket) {
  static constexpr std::string_view kText = "too many connections\n";
  const auto answer = response_head(503, {{"Content-Type", "text/plain; charset=utf-8"}, {"Retry-After", "1"}},
                                    {false, false, false, kText.size()}) +
                      std::string(kText);
  Fault ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(answer), ignored);
  socket.shutdown(tcp::socket::shutdown_send, ignored);
}

struct HostPort {
  std::string host;
  std::string port;
};

Result<HostPort> split(const std::string& address) {
  const auto colon = address.rfind(':');
  auto invalid = fail(ErrorKind::user, fmt::format("\"{}\" is not an address to listen on", address),
                      "Write host:port, :port or [IPv6 address]:port.");
  if (colon == std::string::npos || colon + 1 == address.size()) return invalid;
  HostPort parts{address.substr(0, colon), address.substr(colon + 1)};
  if (parts.host.starts_with('[') && parts.host.ends_with(']'))
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  else if (parts.host.find(':') != std::string::npos)
    return invalid;
  return parts;
}

Fault bind(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  Fault fault;
  acceptor.close(fault);
  if (acceptor.open(endpoint.protocol(), fault)) return fault;
  ::fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
  acceptor.set_option(tcp::acceptor::reuse_address(true), fault);
  if (endpoint.address() == asio::ip::address_v6::any()) acceptor.set_option(asio::ip::v6_only(false), fault);
  if (acceptor.bind(endpoint, fault)) return fault;
  acceptor.listen(asio::socket_base::max_listen_connections, fault);
  return fault;
}

/// Tries what the address stands for until one can be bound. IPv4 comes first, as in Go: `localhost` is what clients
/// that know nothing of IPv6 expect.
Result<void> bind_address(asio::io_context& io, tcp::acceptor& acceptor, const std::string& address) {
  auto parts = split(address);
  if (!parts) return Failure(parts.error());
  Fault fault;
  // With no host given: every address, on machines without IPv6 too.
  const std::vector<std::string> hosts =
      parts->host.empty() ? std::vector<std::string>{"::", "0.0.0.0"} : std::vector<std::string>{parts->host};
  for (const auto& host : hosts) {
    const auto found = tcp::resolver(io).resolve(host, parts->port, tcp::resolver::passive, fault);
    if (fault) continue;
    for (const bool four : {true, false})
      for (const auto& entry : found)
        if (entry.endpoint().address().is_v4() == four && !(fault = bind(acceptor, entry.endpoint()))) return {};
  }
  return fail(ErrorKind::user, fmt::format("cannot listen on {}: {}", address, fault.message()),
              "Check that the address belongs to this machine, that the port is free, and that we may use it.");
}

}  // namespace

std::optional<std::string> ServerRequest::query_value(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return std::nullopt;
}

struct Server::State {
 public:
  State(ServerLimits limits, Handler handler, Log log, TlsSource tls)
      : service_(limits, std::move(handler), std::move(log), std::move(tls)),
        acceptor_(service_.io),
        pause_(service_.io) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State();

  Result<void> start(const std::string& address);
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void accept();
  void admit(tcp::socket socket);
  void rest(const Fault& fault);
  void run();
  void end_sessions();
  void end_serving();

  Service service_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::uint16_t port_ = 0;
  bool accepting_ = false;
  Worker thread_;
};

Result<void> Server::State::start(const std::string& address) {
  if (auto ok = bind_address(service_.io, acceptor_, address); !ok) return ok;
  port_ = acceptor_.local_endpoint().port();
  if (auto ok = service_.pool.start(); !ok) return ok;
  WorkerOptions options{.name = "http server", .doing = "serving HTTP", .log = service_.log};
  options.max_pause = kLongestServerPause;
  auto started = Worker::start(std::move(options), [this](const Context&) { run(); });
  if (!started) return Failure(started.error());
  thread_ = *std::move(started);
  return {};
}

/// After a failure nobody knows whose connection it was: all begin anew.
void Server::State::run() {
  const auto work = asio::make_work_guard(service_.io);
  try {
    accept();
    service_.io.run();
  } catch (...) {
    end_sessions();
    throw;
  }
}

Server::State::~State() {
  service_.io.stop();
  thread_.request_stop();
  thread_.join();
  end_serving();
  service_.pool.close();
  service_.streams.join_all();
}

void Server::State::accept() {
  if (accepting_ || !acceptor_.is_open()) return;
  acceptor_.async_accept([this](const Fault& fault, tcp::socket socket) {
    accepting_ = false;
    if (!acceptor_.is_open()) return;
    if (fault) return rest(fault);
    accept();
    admit(std::move(socket));
  });
  accepting_ = true;
}

void Server::State::admit(tcp::socket socket) {
  if (service_.sessions.size() >= service_.limits.connections) {
    // Connections that ask nothing make room for those that may.
    if (service_.unasked.empty()) {
      // Over TLS there is no way to say why without a handshake first.
      if (!service_.tls) turn_away(std::move(socket));
      return;
    }
    service_.unasked.front()->close();
  }
  prepare(socket);
  const auto session = std::make_shared<Session>(std::move(socket), service_);
  service_.sessions.insert(session);
  session->start();
}

/// Out of file descriptors, most likely: without the pause we would spin.
void Server::State::rest(const Fault& fault) {
  service_.log({{"err", "accepting a connection: " + fault.message()}});
  if (!service_.unasked.empty()) service_.unasked.front()->close();
  pause_.expires_after(kAcceptPause);
  pause_.async_wait([this](const Fault& stopped) {
    if (!stopped) accept();
  });
}

void Server::State::end_serving() {
  Fault ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  end_sessions();
}

void Server::State::end_sessions() {
  const auto sessions = service_.sessions;
  for (const auto& session : sessions) session->close();
}

Server::Server() = default;
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::listen(const std::string& address, ServerLimits limits, Handler handler,
                                               Log log, TlsSource tls) {
  std::unique_ptr<Server> server(new Server);
  try {
    server->state_ = std::make_unique<State>(limits, std::move(handler), std::move(log), std::move(tls));
  } catch (const boost::system::system_error&) {  // asio's event queue is made of three descriptors
    return fail(ErrorKind::server, fmt::format("cannot listen on {}: no memory or file descriptors left", address),
                "Raise the limit of open files: `ulimit -n`, or that of the service.");
  }
  if (auto ok = server->state_->start(address); !ok) return Failure(ok.error());
  return server;
}

std::uint16_t Server::port() const { return state_->port(); }

}  // namespace flux::http
