#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

/// OpenSSL's objects with an owner, and PEM as its functions read it. Only for sources that use OpenSSL themselves.
namespace flux::http {

template <auto release>
struct Release {
  void operator()(auto* object) const { release(object); }
};
using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;

/// Reads from `text`, which must outlive it.
[[nodiscard]] inline Bio open_pem(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// Without it OpenSSL asks on the terminal for the passphrase of an encrypted key.
inline int no_passphrase(char*, int, int, void*) { return -1; }

}  // namespace flux::http
