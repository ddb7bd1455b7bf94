#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "http/testing/certificates.h"

struct ssl_st;
struct ssl_ctx_st;

namespace flux::http::testing {

/// One end of a TCP connection in the hands of a test, with or without TLS. Blocking, at most ten seconds each time.
class Wire {
 public:
  explicit Wire(int fd) : fd_(fd) {}
  Wire(Wire&& other) noexcept;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire();

  static Wire dial(std::uint16_t port);
  /// Server side of a handshake.
  bool accept_tls(ssl_ctx_st* context);

  /// False when the other end is gone.
  bool write(std::string_view bytes);
  /// What is there, at least a byte; empty at the end of the stream or after a reset.
  std::string read_some();
  /// Up to and with `mark`; what comes behind stays for the next read. Shorter at the end of the stream.
  std::string read_until(std::string_view mark);
  /// Exactly so many bytes, fewer at the end of the stream.
  std::string read(std::size_t count);
  std::string read_all();
  void shut_write();
  /// Resets instead of closing politely.
  void reset();
  void wake();  ///< from another thread: ends what blocks

  [[nodiscard]] std::string protocol() const;     ///< agreed by ALPN
  [[nodiscard]] std::string server_name() const;  ///< asked for by the client
  [[nodiscard]] std::string client_name() const;  ///< of the client's certificate, empty without one

 private:
  std::atomic<int> fd_;
  ssl_st* tls_ = nullptr;
  std::string pending_;
};

/// How a peer speaks TLS.
struct PeerTls {
  Identity identity;
  std::string client_ca_pem;           ///< when set, a client certificate is required
  std::vector<std::string> protocols;  ///< for ALPN; empty: none
};

/// A server whose every connection is played by the test's script, each on its own thread.
class Peer {
 public:
  using Script = std::function<void(Wire&)>;
  explicit Peer(Script script, std::optional<PeerTls> tls = std::nullopt);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path) const;
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void accept();
  void play(Wire& wire);

  Script script_;
  std::optional<PeerTls> tls_;
  std::string alpn_;
  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Wire>> wires_;  ///< guarded by mutex_
  std::vector<std::jthread> players_;
  std::jthread acceptor_;
};

}  // namespace flux::http::testing
