#pragma once

#include <memory>
#include <string>

#include "base/context.h"
#include "base/result.h"

namespace flux::sandbox {

/// An embedded Kubernetes API: objects live in memory, nothing runs, rollouts are simulated. Plain HTTP, no users, all
/// is allowed: for demonstrations and tests on a loopback address.
class Sandbox {
 public:
  /// Serves at `address` (`host:port`, port 0 picks one) until destroyed. User error: cannot bind.
  static Result<std::unique_ptr<Sandbox>> start(const std::string& address, const Log& log);
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  ~Sandbox();

  /// `http://127.0.0.1:8080`.
  [[nodiscard]] std::string url() const;

 private:
  Sandbox();
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace flux::sandbox
