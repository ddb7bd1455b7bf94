#include "images/store/memcached_servers.h"

#include <arpa/nameser.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <map>

namespace flux::images {
namespace {

constexpr std::size_t kLargestAnswer = 65535;
constexpr int kSeconds = 2;
constexpr int kDnsTries = 2;
constexpr std::size_t kTargetAt = 6;  // behind priority, weight and port

struct Resolver {
  Resolver() { usable = ::res_ninit(&state) == 0; }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  ~Resolver() {
    if (usable) ::res_nclose(&state);
  }
  struct __res_state state{};
  bool usable = false;
};

}  // namespace

std::vector<ServerAddress> servers_of_answer(std::string_view packet) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(packet.data());
  ns_msg message{};
  if (::ns_initparse(bytes, static_cast<int>(packet.size()), &message) != 0) return {};
  std::map<std::string, ServerAddress> sorted;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record{};
    if (::ns_parserr(&message, ns_s_an, i, &record) != 0) return {};
    if (ns_rr_type(record) != ns_t_srv || ns_rr_rdlen(record) <= kTargetAt) continue;
    std::array<char, NS_MAXDNAME> host{};
    const auto* data = ns_rr_rdata(record);
    if (::ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), data + kTargetAt, host.data(), host.size()) < 0)
      return {};
    ServerAddress server{host.data(), static_cast<std::uint16_t>(data[4] << 8 | data[5])};
    sorted.insert_or_assign(fmt::format("{}.:{}", server.host, server.port), server);
  }
  std::vector<ServerAddress> servers;
  for (auto& [text, server] : sorted) servers.push_back(std::move(server));
  return servers;
}

Result<std::vector<ServerAddress>> look_up_servers(const std::string& service, const std::string& hostname) {
  const auto question = fmt::format("_{}._tcp.{}", service, hostname);
  Resolver resolver;
  if (!resolver.usable) return fail(ErrorKind::server, "the resolver of this system cannot be used");
  resolver.state.retrans = kSeconds;
  resolver.state.retry = kDnsTries;
  std::string answer(kLargestAnswer, '\0');
  const int size = ::res_nsearch(&resolver.state, question.c_str(), ns_c_in, ns_t_srv,
                                 reinterpret_cast<unsigned char*>(answer.data()), static_cast<int>(answer.size()));
  auto servers = size > 0 ? servers_of_answer(std::string_view(answer).substr(0, static_cast<std::size_t>(size)))
                          : std::vector<ServerAddress>();
  if (!servers.empty()) return servers;
  return fail(ErrorKind::server, fmt::format("the DNS knows no server by {}", question),
              "With --memcached-service= the host is used as it is, with --memcached-port.");
}

}  // namespace flux::images
