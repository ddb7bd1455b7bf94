#pragma once

#include <memory>
#include <string>

namespace flux::http::testing {

/// A certificate with its key, as PEM.
struct Identity {
  std::string cert_pem;
  std::string key_pem;
};

/// A certificate authority that lives as long as a test.
class Authority {
 public:
  Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  ~Authority();

  [[nodiscard]] const std::string& pem() const { return pem_; }
  /// `names` in OpenSSL's notation: `DNS:example.test,IP:127.0.0.1`.
  [[nodiscard]] Identity issue(const std::string& common_name, const std::string& names) const;

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
  std::string pem_;
};

}  // namespace flux::http::testing
