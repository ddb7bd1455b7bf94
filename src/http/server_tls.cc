#include "http/server_tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <limits>

#include "http/openssl.h"
#include "http/response_head.h"

namespace flux::http {
namespace {

constexpr std::string_view kAlpn = "\x08http/1.1";

/// The certificate itself comes first, then those that lead to an authority.
bool use_certificates(SSL_CTX* context, const std::string& pem) {
  const auto bio = open_pem(pem);
  const Certificate own(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1) return false;
  while (auto* issuer = PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr))
    if (SSL_CTX_add0_chain_cert(context, issuer) != 1) {
      X509_free(issuer);
      return false;
    }
  return true;
}

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  const auto* ours = reinterpret_cast<const unsigned char*>(kAlpn.data());
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, ours, kAlpn.size(), offered, offered_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

Failure unusable(std::string what) {
  ERR_clear_error();
  return fail(ErrorKind::user, std::move(what),
              "Give the certificate, followed by those between it and its authority, and its private key without "
              "passphrase, both as PEM.");
}

/// For people who forget the s of https.
std::string not_tls() {
  static constexpr std::string_view kText = "this port speaks TLS only: use https://\n";
  return response_head(400, {{"Content-Type", "text/plain; charset=utf-8"}}, {false, false, false, kText.size()}) +
         std::string(kText);
}

}  // namespace

Result<TlsIdentity> TlsIdentity::make(const ServerTls& tls) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return fail(ErrorKind::server, "no memory for TLS");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  if (!use_certificates(context.get(), tls.certificate_pem))
    return unusable("the server's certificate is not readable PEM, or too weak");
  const auto bio = open_pem(tls.key_pem.reveal());
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key) return unusable("the server's key is not readable PEM, or is encrypted");
  if (SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1)
    return unusable("the server's key does not belong to its certificate");
  // The search for the end of the certificates leaves an error behind.
  ERR_clear_error();
  return TlsIdentity(context);
}

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
