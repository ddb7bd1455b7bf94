#pragma once

#include <optional>
#include <string>

#include "base/context.h"
#include "images/record.h"

namespace flux::images {

/// Where records are kept from one scan, or one process, to the next. Any thread. Losing a record costs a scan, never
/// more: whoever reads nothing knows nothing, and decides nothing.
class Store {
 public:
  virtual ~Store() = default;
  /// `name`: canonical, `index.docker.io/library/alpine`. Nothing when there is none. A server error when the store
  /// cannot be asked.
  virtual Result<std::optional<Record>> read(const Bounded& ctx, const std::string& name) = 0;
  virtual Result<void> write(const Bounded& ctx, const std::string& name, const Record& record) = 0;
};

}  // namespace flux::images
