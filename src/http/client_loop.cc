#include "http/client_loop.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace flux::http {
namespace {

constexpr std::size_t kIdleHandles = 32;
constexpr long kCachedConnections = 1024;
constexpr Duration kLongestClientPause = std::chrono::seconds(1);  // stops and deadlines wait for it

/// A peer that closed while OpenSSL writes to it must be an error, not the end of the process.
void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

const Error kClosed{ErrorKind::cancelled, "context canceled", "The HTTP client was closed."};

Admission::Kind kind_of(const Transfer& transfer) {
  return transfer.on_data ? Admission::Kind::stream : Admission::Kind::request;
}

}  // namespace

ClientLoop::ClientLoop(ClientSettings settings, Multi multi)
    : settings_(std::move(settings)), multi_(std::move(multi)) {
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_CONCURRENT_STREAMS, 256L);
  // curl counts connections in use too: with a small number a hundred watches would push out every idle connection.
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kCachedConnections);
}

Result<void> ClientLoop::start() {
  WorkerOptions options{.name = "http client", .doing = "driving HTTP requests", .log = settings_.options.log};
  options.max_pause = kLongestClientPause;
  auto started = Worker::start(std::move(options), [this](const Context&) { run(); });
  if (!started) return Failure(started.error());
  thread_ = *std::move(started);
  return {};
}

ClientLoop::~ClientLoop() {
  {
    const MutexLock lock(mutex_);
    inbox_.closed = true;
  }
  curl_multi_wakeup(multi_.get());
  thread_.request_stop();
  thread_.join();
  // Most often nothing: only a thread that had just failed leaves something.
  end_all(kClosed);
  // Easy handles must go before the multi handle that holds their connections.
  idle_.clear();
}

void ClientLoop::submit(std::unique_ptr<Transfer> transfer) {
  {
    const MutexLock lock(mutex_);
    inbox_.arrived.push_back(std::move(transfer));
  }
  curl_multi_wakeup(multi_.get());
}

/// All that is in flight is answered before the thread begins anew: nobody waits for what will not come.
void ClientLoop::run() {
  try {
    drive();
  } catch (...) {
    end_all({ErrorKind::server, "the HTTP client failed: " + what_was_thrown(), "It is safe to try again."});
    throw;
  }
}

void ClientLoop::drive() {
  block_sigpipe();
  while (true) {
    auto inbox = take_inbox();
    for (auto& transfer : inbox.arrived) accept(std::move(transfer));
    if (inbox.closed) break;
    for (const auto id : inbox.stopped) end_if_overdue(id);
    fire_timers();
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    note_connected();
    collect();
    curl_multi_poll(multi_.get(), nullptr, 0, poll_timeout(), nullptr);
  }
  end_all(kClosed);
}

ClientLoop::Inbox ClientLoop::take_inbox() {
  const MutexLock lock(mutex_);
  Inbox taken{std::exchange(inbox_.arrived, {}), std::exchange(inbox_.stopped, {}), inbox_.closed};
  return taken;
}

void ClientLoop::accept(std::unique_ptr<Transfer> transfer) {
  if (auto error = transfer->overdue()) return transfer->answer(Failure(std::move(*error)));
  const auto id = transfer->id = ++last_id_;
  auto& kept = *transfers_.emplace(id, std::move(transfer)).first->second;
  // Not while holding the mutex: a stop that came before calls back from right here.
  kept.on_stop.emplace(kept.ctx.stop_token(), [this, id] { request_stop(id); });
  kept.on_connected = [this, id] { connected_.push_back(id); };
  set_timer(kept);
  admission_.enqueue(kept.lane(), {id, kind_of(kept)});
  admit(kept.lane());
}

void ClientLoop::request_stop(std::uint64_t id) {
  {
    const MutexLock lock(mutex_);
    inbox_.stopped.push_back(id);
  }
  curl_multi_wakeup(multi_.get());
}

void ClientLoop::set_timer(const Transfer& transfer) {
  if (const auto due = transfer.due()) timers_.emplace(*due, transfer.id);
}

void ClientLoop::fire_timers() {
  while (!timers_.empty() && timers_.begin()->first <= Clock::now()) {
    const auto id = timers_.begin()->second;
    timers_.erase(timers_.begin());
    end_if_overdue(id);
    // Bytes may have come since the timer was set; then it is set anew.
    if (const auto found = transfers_.find(id); found != transfers_.end()) set_timer(*found->second);
  }
}

void ClientLoop::end_if_overdue(std::uint64_t id) {
  const auto found = transfers_.find(id);
  if (found == transfers_.end()) return;
  if (auto error = found->second->overdue()) finish(id, Failure(std::move(*error)));
}

void ClientLoop::admit(const std::string& lane) {
  while (const auto id = admission_.next(lane)) begin(*transfers_.at(*id));
}

void ClientLoop::begin(Transfer& transfer) {
  transfer.stage = Transfer::Stage::connecting;
  if (auto ready = transfer.prepare(take_easy(), settings_); !ready) return finish(transfer.id, Failure(ready.error()));
  running_.emplace(transfer.easy(), transfer.id);
  curl_multi_add_handle(multi_.get(), transfer.easy());
}

void ClientLoop::note_connected() {
  for (const auto id : std::exchange(connected_, {})) {
    const auto found = transfers_.find(id);
    // Also called when curl tries again over another connection.
    if (found == transfers_.end() || found->second->stage != Transfer::Stage::connecting) continue;
    auto& transfer = *found->second;
    transfer.stage = Transfer::Stage::connected;
    admission_.connected(transfer.lane(), transfer.multiplexes());
    admit(transfer.lane());
  }
}

void ClientLoop::collect() {
  int left = 0;
  while (const auto* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const auto id = running_.at(message->easy_handle);
    auto outcome = transfers_.at(id)->outcome(message->data.result);
    finish(id, std::move(outcome));
  }
}

void ClientLoop::finish(std::uint64_t id, Result<ClientResponse> result) {
  const auto node = transfers_.extract(id);
  auto& transfer = *node.mapped();
  transfer.on_stop.reset();
  if (running_.erase(transfer.easy()) > 0) {
    if (!result) transfer.give_up_connection();
    curl_multi_remove_handle(multi_.get(), transfer.easy());
  }
  if (auto easy = transfer.release(); easy && idle_.size() < kIdleHandles) {
    curl_easy_reset(easy.get());
    idle_.push_back(std::move(easy));
  }
  leave(transfer);
  if (result && transfer.leads_on(*result)) {
    auto next = transfer.follow(*result, settings_);
    if (next) return accept(*std::move(next));
    result = Failure(std::move(next.error()));
  }
  transfer.answer(std::move(result));
}

/// Gives its place to the next.
void ClientLoop::leave(const Transfer& transfer) {
  const auto lane = transfer.lane();
  if (transfer.stage == Transfer::Stage::waiting)
    admission_.withdraw(lane, {transfer.id, kind_of(transfer)});
  else
    admission_.ended(lane, kind_of(transfer), transfer.stage == Transfer::Stage::connected);
  admit(lane);
}

/// Leaves nothing behind; no answer keeps another from being given.
void ClientLoop::end_all(const Error& why) noexcept {
  auto ended = take_inbox().arrived;
  for (auto& [id, transfer] : transfers_) ended.push_back(std::move(transfer));
  transfers_.clear();
  for (const auto& transfer : ended) {
    transfer->on_stop.reset();
    if (running_.erase(transfer->easy()) == 0) continue;
    transfer->give_up_connection();
    curl_multi_remove_handle(multi_.get(), transfer->easy());
  }
  running_.clear();
  timers_.clear();
  connected_.clear();
  admission_ = {};
  for (const auto& transfer : ended) {
    try {
      transfer->answer(Failure(Error{why.kind, transfer->what() + ": " + why.message, why.help}));
    } catch (...) {
      settings_.options.log({{"err", transfer->what() + ": taking the answer: " + what_was_thrown()}});
    }
  }
}

int ClientLoop::poll_timeout() const {
  static constexpr std::int64_t kLongest = 60'000;
  if (timers_.empty()) return kLongest;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, kLongest));
}

Easy ClientLoop::take_easy() {
  if (idle_.empty()) return Easy(curl_easy_init());
  auto easy = std::move(idle_.back());
  idle_.pop_back();
  return easy;
}

}  // namespace flux::http
