#include "http/admission.h"

namespace flux::http {

std::optional<std::uint64_t> Admission::next(const std::string& origin) {
  auto& here = origins_[origin];
  const auto limit = here.multiplexes ? kMultiplexedRequests : kParallelConnections;
  if (here.waiting.empty() || here.in_flight >= limit) return std::nullopt;
  const auto id = here.waiting.front();
  here.waiting.pop_front();
  ++here.in_flight;
  return id;
}

void Admission::ended(const std::string& origin) { --origins_[origin].in_flight; }

}  // namespace flux::http
