#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/worker.h"
#include "http/byte_stream.h"
#include "http/message.h"

namespace flux::http {

struct SpdySessionOptions {
  Duration ping_interval = std::chrono::seconds(10);  ///< of silence, after which the other end is asked for a sign
  Duration patience = std::chrono::seconds(30);       ///< of silence, after which it is given up
};

/// One stream of a SPDY session. One thread may write and another read. The destructor resets what has not ended on
/// both sides. May outlive its session: everything fails then.
class SpdyStream {
 public:
  struct State;
  explicit SpdyStream(std::shared_ptr<State> state);
  SpdyStream(const SpdyStream&) = delete;
  SpdyStream& operator=(const SpdyStream&) = delete;
  ~SpdyStream();

  Result<void> write(const Context& ctx, std::string_view bytes);
  /// Nothing will be written any more; reading goes on.
  Result<void> finish(const Context& ctx);
  /// Appends at least one byte; false when the other end has finished. Server error when it has reset the stream or the
  /// session is over.
  Result<bool> read(const Context& ctx, std::string& to);

 private:
  std::shared_ptr<State> state_;
};

/// The client's end of a SPDY/3.1 session over any stream of bytes, as Kubernetes uses it: streams are opened by us
/// alone, their headers are all that is said about them. A thread of its own reads and sees to pings. Any thread.
///
/// Flow control: what we take in is acknowledged, and a reader that lags 4 MiB behind stops the whole session. Windows
/// of the other end are not waited for: Kubernetes never opens them again, so the connection below has to do.
class SpdySession {
 public:
  /// A server error when there is no thread for it.
  static Result<std::unique_ptr<SpdySession>> start(std::unique_ptr<ByteStream> wire, SpdySessionOptions options = {});
  SpdySession(const SpdySession&) = delete;
  SpdySession& operator=(const SpdySession&) = delete;
  ~SpdySession();  ///< ends all streams

  /// Opens a stream and waits until the other end has accepted it. `finished`: we will write nothing to it.
  Result<std::unique_ptr<SpdyStream>> open(const Context& ctx, const Headers& headers, bool finished);

  /// Why no stream can be opened any more; nothing while the session lives.
  [[nodiscard]] std::optional<Error> ended() const;

 private:
  friend struct SpdyStream::State;
  struct Core;
  explicit SpdySession(std::shared_ptr<Core> core) : core_(std::move(core)) {}

  std::shared_ptr<Core> core_;
  Worker reader_;
};

}  // namespace flux::http
