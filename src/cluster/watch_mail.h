#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>

#include "base/guarded.h"
#include "base/result.h"
#include "cluster/watch_feed.h"

namespace flux::cluster {

/// A feed with what it takes to end its requests and to know late answers to old ones. All but `end` needs the mutex of
/// its WatchCache, which the thread safety analysis cannot see from here.
struct WatchLine {
  explicit WatchLine(Feed feed_of) : feed(std::move(feed_of)) {}
  Feed feed;
  std::stop_source end;
  std::uint64_t request = 0;
  bool logged = false;            ///< its present trouble
  bool told_unwatchable = false;  ///< that it may only be listed
};

/// What the transport has to tell of one request of a line.
struct WatchMessage {
  struct Bytes {
    std::string bytes;
  };
  /// In place of bytes for which there was no room: nothing that follows is complete.
  struct Overrun {};
  struct Listed {
    Result<http::ClientResponse> answer;
  };
  struct Ended {
    Result<http::ClientResponse> answer;
  };
  std::shared_ptr<WatchLine> line;
  std::uint64_t request;
  std::variant<Bytes, Overrun, Listed, Ended> what;
};

/// What has arrived for the thread of a WatchCache, and the wish to be looked at. The transport's callbacks share it,
/// so that it outlives the cache. Any thread may put and knock; one takes.
class WatchMail {
 public:
  /// Of the bytes of all streams that wait to be taken. Lists have limits of their own.
  static constexpr std::size_t kMostBytes = std::size_t{32} << 20;

  /// False when there was no room: the stream has to end, and whoever takes is told by an Overrun.
  bool put(WatchMessage message) {
    const auto* bytes = std::get_if<WatchMessage::Bytes>(&message.what);
    const auto size = bytes ? sizeof(WatchMessage) + bytes->bytes.size() : 0;
    bool fits = true;
    {
      const MutexLock lock(mutex_);
      fits = size <= kMostBytes - bytes_;
      if (fits)
        bytes_ += size;
      else
        message.what = WatchMessage::Overrun{};
      messages_.push_back(std::move(message));
    }
    arrived_.notify_one();
    return fits;
  }
  void knock() {
    {
      const MutexLock lock(mutex_);
      knocked_ = true;
    }
    arrived_.notify_one();
  }
  /// Waits for either, not beyond `until` nor a stop.
  std::deque<WatchMessage> take(const std::stop_token& stop, Clock::time_point until) {
    MutexLock lock(mutex_);
    arrived_.wait_until(lock, stop, until, [this]() REQUIRES(mutex_) { return knocked_ || !messages_.empty(); });
    knocked_ = false;
    bytes_ = 0;
    return std::exchange(messages_, {});
  }

 private:
  Mutex mutex_;
  std::condition_variable_any arrived_;
  std::deque<WatchMessage> messages_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;  // of messages_
  bool knocked_ GUARDED_BY(mutex_) = false;
};

}  // namespace flux::cluster
