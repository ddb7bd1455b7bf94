#include "http/tls_material.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "http/openssl.h"

namespace flux::http {
namespace {

Certificate first_certificate(const std::string& pem) {
  const auto bio = open_pem(pem);
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
  const auto bio = open_pem(key_pem.reveal());
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
