#include "http/tls_identity.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <string_view>

#include "http/openssl.h"

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

}  // namespace flux::http
