#pragma once

#include <string>
#include <string_view>

#include "base/context.h"
#include "base/result.h"

namespace flux::http {

/// A two-way connection for bytes without borders between them. Any thread may write, one at a time may read. After an
/// error other than `cancelled` every further call fails.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  /// Returns when all bytes are handed to the system. Bytes of several callers do not mix; when the context ends first
  /// they are sent with whatever comes next, never in part.
  virtual Result<void> write(const Context& ctx, std::string_view bytes) = 0;

  /// Queues bytes without waiting; they leave with the next write() or during a read(). For small answers of the
  /// reading thread, which must not wait for a peer that waits for it.
  virtual void post(std::string_view bytes) = 0;

  /// Appends at least one byte to `to`; false at the end of the stream.
  virtual Result<bool> read(const Context& ctx, std::string& to) = 0;
};

}  // namespace flux::http
