#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/secret.h"

struct ssl_ctx_st;

namespace flux::http {

/// What a server shows to prove who it is, as PEM.
struct ServerTls {
  std::string certificate_pem;  ///< followed by those between it and its authority
  Secret key_pem;               ///< without passphrase
};

/// The same, ready for use. Unchanging, cheap to copy, any thread.
class TlsIdentity {
 public:
  /// User error when certificate or key cannot be read, or do not belong together.
  static Result<TlsIdentity> make(const ServerTls& tls);
  [[nodiscard]] ssl_ctx_st* context() const { return context_.get(); }

 private:
  explicit TlsIdentity(std::shared_ptr<ssl_ctx_st> context) : context_(std::move(context)) {}
  std::shared_ptr<ssl_ctx_st> context_;
};

/// Gives the identity for the next connection.
using TlsSource = std::function<TlsIdentity()>;

}  // namespace flux::http
