#include "images/credentials/credential_helper.h"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "base/process.h"
#include "images/credentials/docker_config.h"

namespace flux::images {
namespace {

constexpr Duration kHelperPatience = std::chrono::seconds(10);
constexpr std::size_t kMaxOutput = std::size_t{64} << 10;

std::vector<std::string> whole_environment() {
  std::vector<std::string> env;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) env.emplace_back(*entry);
  return env;
}

}  // namespace

Result<std::optional<Credential>> ask_credential_helper(const Bounded& ctx, const std::string& name,
                                                        const std::string& server, const std::string& from) {
  Command command;
  command.argv = {"docker-credential-" + name, "get"};
  command.env = whole_environment();
  command.input = server + "\n";
  command.max_output = kMaxOutput;
  const auto help = fmt::format("Try it by hand: echo {} | {} get", server, command.argv[0]);
  auto exit = run(ctx.with_timeout(kHelperPatience), command);
  if (!exit) return fail(ErrorKind::user, fmt::format("{}: {}", command.argv[0], exit.error().message), help);
  const Secret output(std::move(exit->out));
  if (exit->status != 0) {
    // The protocol has no other sign of it than this text.
    if (output.reveal().find("credentials not found") != std::string::npos) return std::nullopt;
    return fail(ErrorKind::user, fmt::format("{} get: exit status {} for {}", command.argv[0], exit->status, server),
                help);
  }
  auto credential = parse_helper_answer(output, fmt::format("{} ({})", from, command.argv[0]));
  if (!credential) return Failure(std::move(credential.error()));
  return std::move(*credential);
}

}  // namespace flux::images
