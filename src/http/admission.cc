#include "http/admission.h"

#include <algorithm>

namespace flux::http {
namespace {

std::uint64_t take_front(std::deque<std::uint64_t>& ids) {
  const auto id = ids.front();
  ids.pop_front();
  return id;
}

}  // namespace

bool Admission::Lane::may_connect() const {
  // Behind an unreachable server's first timeout the others would otherwise time out one by one.
  const bool alone = connected == 0 && !failed;
  return connecting() < (alone ? 1 : kConnecting);
}

std::size_t Admission::Lane::request_limit() const {
  if (!multiplexes) return kParallelRequests;
  return std::max(kMultiplexedLeast, kMultiplexedRequests - std::min(kMultiplexedRequests, streams_in_flight));
}

void Admission::enqueue(const std::string& lane, Entry entry) {
  auto& here = lanes_[lane];
  (entry.kind == Kind::stream ? here.streams : here.requests).push_back(entry.id);
}

void Admission::withdraw(const std::string& lane, Entry entry) {
  auto& here = lanes_[lane];
  std::erase(entry.kind == Kind::stream ? here.streams : here.requests, entry.id);
}

std::optional<std::uint64_t> Admission::next(const std::string& lane) {
  auto& here = lanes_[lane];
  if (!here.may_connect()) return std::nullopt;
  if (!here.streams.empty()) {
    ++here.streams_in_flight;
    return take_front(here.streams);
  }
  if (here.requests.empty() || here.requests_in_flight >= here.request_limit()) return std::nullopt;
  ++here.requests_in_flight;
  return take_front(here.requests);
}

void Admission::connected(const std::string& lane, bool multiplexes) {
  auto& here = lanes_[lane];
  ++here.connected;
  here.multiplexes = multiplexes;
  here.failed = false;
}

void Admission::ended(const std::string& lane, Kind kind, bool was_connected) {
  auto& here = lanes_[lane];
  --(kind == Kind::stream ? here.streams_in_flight : here.requests_in_flight);
  if (was_connected)
    --here.connected;
  else
    here.failed = true;
}

}  // namespace flux::http
