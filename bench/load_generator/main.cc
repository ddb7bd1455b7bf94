// load-generator URL CA CERT KEY 1|2 IN-FLIGHT WRITES
//
// Sends the server-side applies of the file WRITES (see writes.h) as fast as the API server takes them, over HTTP/1.1
// or HTTP/2, and prints a JSON object: seconds from before the first connection to after the last answer.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "server.h"

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() != 7) {
    fmt::print(stderr, "usage: load-generator URL CA CERT KEY 1|2 IN-FLIGHT WRITES\n");
    return 2;
  }
  const auto in_flight = std::strtoul(args[5].c_str(), nullptr, 10);
  if (in_flight < 1 || in_flight > 1000) {
    fmt::print(stderr, "load-generator: {} requests in flight; 1 to 1000 can be\n", args[5]);
    return 2;
  }
  const auto stages = load_generator::read_stages(args[6]);
  if (!stages) {
    fmt::print(stderr, "load-generator: {}\n", stages.error());
    return 1;
  }

  curl_global_init(CURL_GLOBAL_DEFAULT);
  load_generator::Tally tally;
  const auto began = std::chrono::steady_clock::now();
  {
    load_generator::Server server({args[0], args[1], args[2], args[3], args[4] == "2", in_flight});
    for (const auto& stage : *stages) server.send(stage, tally);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  curl_global_cleanup();

  const nlohmann::ordered_json result{
      {"seconds", took.count()}, {"sent", tally.sent}, {"failed", tally.failed}, {"failure", tally.first_failure}};
  fmt::print("{}\n", result.dump());
  return tally.failed == 0 ? 0 : 1;
}
