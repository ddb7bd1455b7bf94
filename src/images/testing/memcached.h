#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/process.h"
#include "base/test_temp_dir.h"

namespace flux::images {

/// For tests: a real memcached on a free port of the loopback, which ends with this.
class Memcached {
 public:
  explicit Memcached(const std::vector<std::string>& flags = {});
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  TempDir dir_;
  Child child_;
  std::uint16_t port_ = 0;
};

}  // namespace flux::images
