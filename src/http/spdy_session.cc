#include "http/spdy_session.h"

#include <fmt/format.h>

#include <condition_variable>
#include <map>

#include "base/guarded.h"
#include "http/spdy_frames.h"

namespace flux::http {
namespace {

constexpr std::size_t kPiece = std::size_t{32} << 10;     // of one data frame
constexpr std::size_t kMaxUnread = std::size_t{4} << 20;  // of one stream
// SPDY's windows begin with 64 KiB; they are opened again when half is used up.
constexpr std::uint32_t kAcknowledge = 32 << 10;

Error connection_lost(std::string why) {
  return {ErrorKind::server, "the tunnel was lost: " + std::move(why), "It is opened again for the next connection."};
}

}  // namespace

struct SpdyStream::State {
  std::shared_ptr<SpdySession::Core> core;
  std::uint32_t id = 0;
  // All below needs the core's mutex. Not said to the analysis: it cannot see that `core` is the one that is locked.
  bool accepted = false;
  bool local_end = false;
  bool remote_end = false;
  std::string unread;
  std::uint32_t unacknowledged = 0;
  std::optional<Error> broken;
};

struct SpdySession::Core : std::enable_shared_from_this<Core> {
  using Stream = SpdyStream::State;

  Core(std::unique_ptr<ByteStream> stream, SpdySessionOptions with) : wire(std::move(stream)), options(with) {}

  void read_all(const Context& ctx);
  Result<void> step(const Context& ctx, SpdyReader& reader);
  void look_after_silence(Result<void>& outcome);
  void take(const Context& ctx, const SpdyFrame& frame);
  void take_data(const Context& ctx, const SpdyFrame& frame);
  void end(const Error& why);
  std::shared_ptr<Stream> find(std::uint32_t id);
  void post(const SpdyFrame& frame) { wire->post(encode_spdy(frame)); }
  bool wait(MutexLock& lock, const Context& ctx, const auto& condition) REQUIRES(mutex);

  const std::unique_ptr<ByteStream> wire;
  const SpdySessionOptions options;

  Mutex opening;  // ids and header blocks must leave in order
  std::uint32_t next_id GUARDED_BY(opening) = 1;
  SpdyHeaderDeflater deflater GUARDED_BY(opening);

  Mutex mutex;
  std::condition_variable_any changed;
  std::map<std::uint32_t, std::shared_ptr<Stream>> streams GUARDED_BY(mutex);
  std::optional<Error> over GUARDED_BY(mutex);

  // The reader's thread only.
  Clock::time_point heard = Clock::now();
  std::uint32_t last_ping = 0;
  std::uint32_t unacknowledged = 0;
};

/// False when the context ended first.
bool SpdySession::Core::wait(MutexLock& lock, const Context& ctx, const auto& condition) {
  if (!ctx.deadline()) return changed.wait(lock, ctx.stop_token(), condition);
  return changed.wait_until(lock, ctx.stop_token(), *ctx.deadline(), condition);
}

std::shared_ptr<SpdyStream::State> SpdySession::Core::find(std::uint32_t id) {
  const MutexLock lock(mutex);
  const auto found = streams.find(id);
  return found == streams.end() ? nullptr : found->second;
}

void SpdySession::Core::end(const Error& why) {
  const MutexLock lock(mutex);
  if (!over) over = why;
  for (auto& [id, stream] : streams)
    if (!stream->broken && !(stream->remote_end && stream->local_end)) stream->broken = *over;
  streams.clear();
  changed.notify_all();
}

void SpdySession::Core::read_all(const Context& ctx) {
  SpdyReader reader;
  while (true) {
    auto outcome = step(ctx, reader);
    if (!outcome && !ctx.stopped()) look_after_silence(outcome);
    if (!outcome) return end(ctx.stopped() ? connection_lost("it was closed") : outcome.error());
  }
}

/// One frame, or the wait for more bytes.
Result<void> SpdySession::Core::step(const Context& ctx, SpdyReader& reader) {
  auto frame = reader.next();
  if (!frame) return Failure(frame.error());
  if (*frame) {
    take(ctx, **frame);
    return {};
  }
  const auto more = wire->read(ctx.with_timeout(options.ping_interval), reader.input());
  if (!more)
    return more.error().kind == ErrorKind::cancelled ? Failure(more.error())
                                                     : Failure(connection_lost(more.error().message));
  heard = Clock::now();
  if (!*more) return Failure(connection_lost("the other end closed it"));
  return {};
}

/// Silence alone is no failure before the patience is over.
void SpdySession::Core::look_after_silence(Result<void>& outcome) {
  if (outcome.error().kind != ErrorKind::cancelled) return;
  if (Clock::now() - heard >= options.patience) {
    outcome = Failure(connection_lost(fmt::format("nothing heard for {}", format_duration(options.patience))));
    return;
  }
  last_ping = (last_ping + 2) | 1U;  // ours are odd
  post({SpdyType::ping, 0, last_ping, 0, {}});
  outcome = {};
}

void SpdySession::Core::take(const Context& ctx, const SpdyFrame& frame) {
  if (frame.type == SpdyType::data) return take_data(ctx, frame);
  if (frame.type == SpdyType::ping && frame.stream % 2 == 0) return post(frame);
  // Kubernetes opens no streams of its own.
  if (frame.type == SpdyType::syn_stream) return post({SpdyType::rst_stream, 0, frame.stream, kSpdyRefused, {}});
  const MutexLock lock(mutex);
  if (frame.type == SpdyType::goaway && !over) over = connection_lost("the other end is going away");
  const auto found = streams.find(frame.stream);
  if (frame.type == SpdyType::goaway || found == streams.end()) return changed.notify_all();
  auto& stream = *found->second;
  if (frame.type == SpdyType::syn_reply) stream.accepted = true;
  if (frame.type == SpdyType::rst_stream)
    stream.broken = Error{ErrorKind::server, fmt::format("the stream was reset with status {}", frame.number), {}};
  else if (frame.fin())
    stream.remote_end = true;
  changed.notify_all();
}

void SpdySession::Core::take_data(const Context& ctx, const SpdyFrame& frame) {
  const auto size = static_cast<std::uint32_t>(frame.payload.size());
  {
    MutexLock lock(mutex);
    const auto found = streams.find(frame.stream);
    if (found != streams.end()) {
      const auto stream = found->second;
      stream->unread += frame.payload;
      if (frame.fin()) stream->remote_end = true;
      changed.notify_all();
      wait(lock, ctx, [&] { return stream->unread.size() <= kMaxUnread || stream->broken; });
    }
  }
  unacknowledged += size;
  if (unacknowledged < kAcknowledge) return;
  post({SpdyType::window_update, 0, 0, std::exchange(unacknowledged, 0), {}});
}

Result<std::unique_ptr<SpdySession>> SpdySession::start(std::unique_ptr<ByteStream> wire, SpdySessionOptions options) {
  auto core = std::make_shared<Core>(std::move(wire), options);
  WorkerOptions thread{.name = "spdy reader", .doing = "reading from a tunnel"};
  // Half a frame may be gone: only another tunnel helps.
  thread.on_failure = [core](const Error& error) { core->end(connection_lost(error.message)); };
  auto started = Worker::start(std::move(thread), [core](const Context& ctx) { core->read_all(ctx); });
  if (!started) return Failure(started.error());
  std::unique_ptr<SpdySession> session(new SpdySession(std::move(core)));
  session->reader_ = *std::move(started);
  return session;
}

SpdySession::~SpdySession() { core_->post({SpdyType::goaway, 0, 0, 0, {}}); }

std::optional<Error> SpdySession::ended() const {
  const MutexLock lock(core_->mutex);
  return core_->over;
}

Result<std::unique_ptr<SpdyStream>> SpdySession::open(const Context& ctx, const Headers& headers, bool finished) {
  const auto state = std::make_shared<SpdyStream::State>();
  state->core = core_;
  state->local_end = finished;
  {
    const MutexLock order(core_->opening);
    state->id = core_->next_id;
    core_->next_id += 2;
    {
      const MutexLock lock(core_->mutex);
      if (core_->over) return Failure(*core_->over);
      core_->streams.emplace(state->id, state);
    }
    const SpdyFrame frame{SpdyType::syn_stream, finished ? kSpdyFin : std::uint8_t{0}, state->id, 0,
                          core_->deflater.deflate(headers)};
    core_->post(frame);
  }
  auto stream = std::make_unique<SpdyStream>(state);
  MutexLock lock(core_->mutex);
  core_->wait(lock, ctx, [&] { return state->accepted || state->broken; });
  // Accepted and broken already: what came in between is still to be read.
  if (!state->accepted) {
    if (state->broken) return Failure(*state->broken);
    lock.unlock();
    return wrap(ctx.check().error(), "opening a stream in the tunnel");
  }
  lock.unlock();
  return stream;
}

SpdyStream::SpdyStream(std::shared_ptr<State> state) : state_(std::move(state)) {}

SpdyStream::~SpdyStream() {
  auto& core = *state_->core;
  const MutexLock lock(core.mutex);
  const bool known = core.streams.erase(state_->id) > 0;
  const bool complete = state_->broken || (state_->local_end && state_->remote_end);
  state_->broken = state_->broken.value_or(Error{});  // a reader thread that waits for us to take bytes goes on
  core.changed.notify_all();
  if (known && !complete) core.post({SpdyType::rst_stream, 0, state_->id, kSpdyCancel, {}});
}

Result<void> SpdyStream::write(const Context& ctx, std::string_view bytes) {
  while (!bytes.empty()) {
    {
      const MutexLock lock(state_->core->mutex);
      if (state_->broken) return Failure(*state_->broken);
    }
    const auto piece = bytes.substr(0, kPiece);
    const SpdyFrame frame{SpdyType::data, 0, state_->id, 0, std::string(piece)};
    if (auto ok = state_->core->wire->write(ctx, encode_spdy(frame)); !ok) return ok;
    bytes.remove_prefix(piece.size());
  }
  return {};
}

Result<void> SpdyStream::finish(const Context& ctx) {
  {
    const MutexLock lock(state_->core->mutex);
    if (state_->broken) return Failure(*state_->broken);
    if (std::exchange(state_->local_end, true)) return {};
  }
  return state_->core->wire->write(ctx, encode_spdy({SpdyType::data, kSpdyFin, state_->id, 0, {}}));
}

Result<bool> SpdyStream::read(const Context& ctx, std::string& to) {
  auto& core = *state_->core;
  MutexLock lock(core.mutex);
  core.wait(lock, ctx, [&] { return !state_->unread.empty() || state_->remote_end || state_->broken; });
  if (state_->unread.empty()) {
    if (state_->remote_end) return false;
    if (state_->broken) return Failure(*state_->broken);
    return Failure(ctx.check().error());
  }
  state_->unacknowledged += static_cast<std::uint32_t>(state_->unread.size());
  to += std::exchange(state_->unread, {});
  core.changed.notify_all();
  if (state_->unacknowledged >= kAcknowledge && !state_->remote_end)
    core.post({SpdyType::window_update, 0, state_->id, std::exchange(state_->unacknowledged, 0), {}});
  return true;
}

}  // namespace flux::http
