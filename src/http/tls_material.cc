#include "http/tls_material.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace flux::http {
namespace {

template <auto release>
struct Release {
  void operator()(auto* object) const { release(object); }
};
using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;

Bio open(const std::string& text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

/// Without it OpenSSL asks on the terminal for the passphrase of an encrypted key.
int no_passphrase(char*, int, int, void*) { return -1; }

Certificate first_certificate(const std::string& pem) {
  const auto bio = open(pem);
  return Certificate(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
}

}  // namespace

Result<void> check_authorities(const std::string& ca_pem) {
  if (ca_pem.empty()) return {};
  const auto found = first_certificate(ca_pem);
  ERR_clear_error();
  if (found) return {};
  return fail(ErrorKind::user, "the certificate authorities hold no readable PEM certificate",
              "Check the file or data given as certificate authority: it starts with -----BEGIN CERTIFICATE-----.");
}

Result<void> check_client_certificate(const std::string& cert_pem, const Secret& key_pem) {
  if (cert_pem.empty() && key_pem.empty()) return {};
  if (cert_pem.empty() || key_pem.empty())
    return fail(ErrorKind::user,
                cert_pem.empty() ? "a client key without its certificate" : "a client certificate without its key",
                "Give both the client certificate and its private key.");
  const auto certificate = first_certificate(cert_pem);
  const auto bio = open(key_pem.reveal());
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  const bool match = certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (match) return {};
  const char* what = !certificate ? "the client certificate is not readable PEM"
                     : !key       ? "the client key is not readable PEM, or is encrypted"
                                  : "the client key does not belong to the client certificate";
  return fail(ErrorKind::user, what, "Check the client certificate and key, both as PEM, the key without passphrase.");
}

}  // namespace flux::http
