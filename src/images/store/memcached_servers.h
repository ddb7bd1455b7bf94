#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"

namespace flux::images {

struct ServerAddress {
  std::string host;
  std::uint16_t port = 0;
  friend bool operator==(const ServerAddress&, const ServerAddress&) = default;
};

/// The servers that an answer of the DNS to a question for SRV names, sorted as Flux v1 sorts them, because the place
/// in the list decides which items a server has: by their text, `name.:port`. Pure.
[[nodiscard]] std::vector<ServerAddress> servers_of_answer(std::string_view packet);

/// Asks the DNS for `_service._tcp.hostname`, as Flux v1 finds its memcached. Server errors name what was asked.
/// Blocks for as long as the resolver takes, about five seconds at most.
[[nodiscard]] Result<std::vector<ServerAddress>> look_up_servers(const std::string& service,
                                                                 const std::string& hostname);

}  // namespace flux::images
