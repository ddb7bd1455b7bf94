#pragma once

#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/guarded.h"
#include "base/worker.h"
#include "http/admission.h"
#include "http/client_settings.h"
#include "http/curl_handle.h"
#include "http/transfer.h"

namespace flux::http {

/// The thread that drives all transfers of one client, and what it owns.
class ClientLoop {
 public:
  ClientLoop(ClientSettings settings, Multi multi);
  ClientLoop(const ClientLoop&) = delete;
  ClientLoop& operator=(const ClientLoop&) = delete;
  ~ClientLoop();  ///< ends what is in flight as cancelled

  /// Starts the thread; to be called once, before anything else.
  Result<void> start();
  /// Hands a transfer over; its `done` is called exactly once from then on. Any thread.
  void submit(std::unique_ptr<Transfer> transfer);

 private:
  struct Inbox {
    std::vector<std::unique_ptr<Transfer>> arrived;
    std::vector<std::uint64_t> stopped;
    bool closed = false;
  };

  void run();
  void drive();
  Inbox take_inbox();
  void accept(std::unique_ptr<Transfer> transfer);
  void request_stop(std::uint64_t id);
  void end_if_overdue(std::uint64_t id);
  void fire_timers();
  void set_timer(const Transfer& transfer);
  void admit(const std::string& lane);
  void leave(const Transfer& transfer);
  void begin(Transfer& transfer);
  void note_connected();
  void collect();
  void finish(std::uint64_t id, Result<ClientResponse> result);
  void end_all(const Error& why) noexcept;
  [[nodiscard]] int poll_timeout() const;
  Easy take_easy();

  const ClientSettings settings_;
  Multi multi_;
  Mutex mutex_;
  Inbox inbox_ GUARDED_BY(mutex_);

  // The loop's thread only.
  std::unordered_map<std::uint64_t, std::unique_ptr<Transfer>> transfers_;
  std::unordered_map<CURL*, std::uint64_t> running_;
  std::multimap<Clock::time_point, std::uint64_t> timers_;  ///< may be early, never late
  Admission admission_;
  std::vector<std::uint64_t> connected_;  ///< since curl was last called
  std::vector<Easy> idle_;
  std::uint64_t last_id_ = 0;

  Worker thread_;
};

}  // namespace flux::http
