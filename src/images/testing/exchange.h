#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "http/client.h"
#include "http/server.h"

namespace flux::images {

/// What a host of an exchange was asked.
struct Heard {
  std::string host;  ///< its name in the case: `REG`
  std::string method;
  std::string path;
  std::string raw_query;
  std::string authorization;
  std::string body;
  int status = 0;  ///< of the answer
  Clock::time_point at;
};

/// Plays the registries and token services of a case of tests/cases by its rules, each host a server on the loopback.
class Exchange {
 public:
  explicit Exchange(const Json& exchange);  ///< the contents of exchange.json; throws what is wrong with it
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange();

  /// `text` with the addresses of the servers in place of `{REG}`, `{REG_URL}` and their kin.
  [[nodiscard]] std::string with_addresses(std::string text) const;
  /// `host:port`
  [[nodiscard]] std::string address(const std::string& host) const;
  [[nodiscard]] std::vector<Heard> heard() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace flux::images
