#include "http/server_tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <limits>

#include "http/openssl.h"
#include "http/response_head.h"

namespace flux::http {
namespace {

/// For people who forget the s of https.
std::string not_tls() {
  static constexpr std::string_view kText = "this port speaks TLS only: use https://\n";
  return response_head(400, {{"Content-Type", "text/plain; charset=utf-8"}}, {false, false, false, kText.size()}) +
         std::string(kText);
}

}  // namespace

struct TlsLine::Engine {
  std::unique_ptr<SSL, Release<SSL_free>> ssl;
  BIO* in = nullptr;   ///< of ssl
  BIO* out = nullptr;  ///< of ssl
  bool is_http = false;
};

TlsLine::TlsLine(const TlsIdentity& identity) : engine_(std::make_unique<Engine>()) {
  engine_->ssl.reset(SSL_new(identity.context()));
  engine_->in = BIO_new(BIO_s_mem());
  engine_->out = BIO_new(BIO_s_mem());
  if (!engine_->ssl || engine_->in == nullptr || engine_->out == nullptr) throw std::bad_alloc();
  SSL_set_bio(engine_->ssl.get(), engine_->in, engine_->out);
  SSL_set_accept_state(engine_->ssl.get());
}

TlsLine::~TlsLine() = default;

TlsLine::State TlsLine::receive(std::string_view wire, std::string& plain) {
  auto* ssl = engine_->ssl.get();
  BIO_write(engine_->in, wire.data(), static_cast<int>(wire.size()));
  std::array<char, std::size_t{16} << 10> text;
  while (true) {
    ERR_clear_error();
    const int count = SSL_read(ssl, text.data(), static_cast<int>(text.size()));
    if (count > 0) {
      plain.append(text.data(), static_cast<std::size_t>(count));
      continue;
    }
    switch (SSL_get_error(ssl, count)) {
      case SSL_ERROR_WANT_READ:
      case SSL_ERROR_WANT_WRITE:
        return State::open;
      case SSL_ERROR_ZERO_RETURN:
        return State::ended;
      default:
        engine_->is_http = ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST;
        ERR_clear_error();
        return State::broken;
    }
  }
}

void TlsLine::send(std::string_view plain) {
  while (!plain.empty()) {
    const auto part = plain.substr(0, std::numeric_limits<int>::max());
    // Memory takes everything at once.
    const int count = SSL_write(engine_->ssl.get(), part.data(), static_cast<int>(part.size()));
    ERR_clear_error();
    if (count <= 0) return;
    plain.remove_prefix(static_cast<std::size_t>(count));
  }
}

void TlsLine::end() {
  SSL_shutdown(engine_->ssl.get());
  ERR_clear_error();
}

std::string TlsLine::output() {
  if (std::exchange(engine_->is_http, false)) return not_tls();
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(engine_->out, &bytes);
  std::string out(bytes, static_cast<std::size_t>(size));
  (void)BIO_reset(engine_->out);
  return out;
}

}  // namespace flux::http
