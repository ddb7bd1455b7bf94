#include "http/testing/peer.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace flux::http::testing {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

void limit_patience(int fd) {
  const timeval patience{10, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

/// OpenSSL writes without MSG_NOSIGNAL.
void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

BIO* memory(const std::string& text) { return BIO_new_mem_buf(text.data(), static_cast<int>(text.size())); }

void use_identity(SSL_CTX* context, const Identity& identity) {
  BIO* cert = memory(identity.cert_pem);
  BIO* key = memory(identity.key_pem);
  X509* certificate = PEM_read_bio_X509(cert, nullptr, nullptr, nullptr);
  EVP_PKEY* private_key = PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr);
  if (SSL_CTX_use_certificate(context, certificate) != 1 || SSL_CTX_use_PrivateKey(context, private_key) != 1)
    throw std::runtime_error("unusable identity");
  X509_free(certificate);
  EVP_PKEY_free(private_key);
  BIO_free(cert);
  BIO_free(key);
}

void require_client(SSL_CTX* context, const std::string& ca_pem) {
  BIO* bio = memory(ca_pem);
  X509* authority = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority);
  X509_free(authority);
  BIO_free(bio);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

int choose_protocol(SSL*, const unsigned char** out, unsigned char* length, const unsigned char* offered,
                    unsigned offered_length, void* ours) {
  const auto& wanted = *static_cast<const std::string*>(ours);
  unsigned char* chosen = nullptr;
  const int verdict = SSL_select_next_proto(&chosen, length, reinterpret_cast<const unsigned char*>(wanted.data()),
                                            static_cast<unsigned>(wanted.size()), offered, offered_length);
  *out = chosen;
  return verdict == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

Wire::Wire(Wire&& other) noexcept
    : fd_(other.fd_.exchange(-1)), tls_(std::exchange(other.tls_, nullptr)), pending_(std::move(other.pending_)) {}

Wire::~Wire() {
  if (tls_) SSL_free(tls_);
  if (fd_ >= 0) ::close(fd_);
}

Wire Wire::dial(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  limit_patience(fd);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
  return Wire(fd);
}

bool Wire::accept_tls(ssl_ctx_st* context) {
  tls_ = SSL_new(context);
  SSL_set_fd(tls_, fd_);
  return SSL_accept(tls_) == 1;
}

bool Wire::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = tls_ ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                            : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string Wire::read_some() {
  if (!pending_.empty()) return std::exchange(pending_, {});
  std::array<char, 16384> chunk;
  const auto count =
      tls_ ? SSL_read(tls_, chunk.data(), static_cast<int>(chunk.size())) : ::recv(fd_, chunk.data(), chunk.size(), 0);
  return count > 0 ? std::string(chunk.data(), static_cast<std::size_t>(count)) : std::string();
}

std::string Wire::read_until(std::string_view mark) {
  std::string all;
  while (true) {
    const auto more = read_some();
    all += more;
    const auto found = all.find(mark);
    if (found == std::string::npos && !more.empty()) continue;
    if (found != std::string::npos) {
      pending_ = all.substr(found + mark.size());
      all.resize(found + mark.size());
    }
    return all;
  }
}

std::string Wire::read(std::size_t count) {
  std::string all;
  while (all.size() < count) {
    const auto more = read_some();
    if (more.empty()) return all;
    all += more;
  }
  pending_ = all.substr(count);
  all.resize(count);
  return all;
}

std::string Wire::read_all() {
  std::string all;
  for (auto more = read_some(); !more.empty(); more = read_some()) all += more;
  return all;
}

void Wire::shut_write() { ::shutdown(fd_, SHUT_WR); }

void Wire::reset() {
  const linger now{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  if (tls_) SSL_free(std::exchange(tls_, nullptr));
  ::close(fd_.exchange(-1));
}

void Wire::wake() { ::shutdown(fd_, SHUT_RDWR); }

std::string Wire::protocol() const {
  const unsigned char* name = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(tls_, &name, &length);
  return {reinterpret_cast<const char*>(name), length};
}

std::string Wire::server_name() const {
  const char* name = SSL_get_servername(tls_, TLSEXT_NAMETYPE_host_name);
  return name ? name : "";
}

std::string Wire::client_name() const {
  const X509* certificate = SSL_get0_peer_certificate(tls_);
  if (!certificate) return {};
  std::array<char, 256> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(), name.size());
  return name.data();
}

Peer::Peer(Script script, std::optional<PeerTls> tls)
    : script_(std::move(script)), tls_(std::move(tls)), context_(nullptr, SSL_CTX_free) {
  if (tls_) {
    context_.reset(SSL_CTX_new(TLS_server_method()));
    use_identity(context_.get(), tls_->identity);
    if (!tls_->client_ca_pem.empty()) require_client(context_.get(), tls_->client_ca_pem);
    for (const auto& name : tls_->protocols) alpn_ += static_cast<char>(name.size()) + name;
    if (!alpn_.empty()) SSL_CTX_set_alpn_select_cb(context_.get(), choose_protocol, &alpn_);
  }
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t length = sizeof address;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), length) != 0 || ::listen(listener_, 512) != 0)
    throw std::runtime_error("cannot listen");
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::jthread([this] { accept(); });
}

Peer::~Peer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const auto& wire : wires_) wire->wake();
  }
  players_.clear();
  ::close(listener_);
}

std::string Peer::url(const std::string& path) const {
  return fmt::format("{}://127.0.0.1:{}{}", tls_ ? "https" : "http", port_, path);
}

void Peer::accept() {
  while (true) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    limit_patience(fd);
    ++connections_;
    const std::lock_guard lock(mutex_);
    auto& wire = *wires_.emplace_back(std::make_unique<Wire>(fd));
    players_.emplace_back([this, &wire] {
      block_sigpipe();
      play(wire);
    });
  }
}

void Peer::play(Wire& wire) {
  if (!context_ || wire.accept_tls(context_.get())) script_(wire);
  wire.wake();
}

}  // namespace flux::http::testing
