#include "cli/cause.h"

#include <fmt/format.h>

#include "base/process.h"

namespace flux::cli {
namespace {

constexpr Duration kGitTimeout = std::chrono::seconds(5);

std::string git_setting(const Context& ctx, const Surroundings& surroundings, const std::string& name) {
  Command git{{"git", "config", "--get", name}, {}, {}, {}};
  for (const auto& [key, value] : surroundings.environment) git.env.push_back(fmt::format("{}={}", key, value));
  const auto exit = flux::run(ctx.with_timeout(kGitTimeout), git);
  if (!exit || exit->status != 0) return {};
  return exit->out.substr(0, exit->out.find('\n'));
}

}  // namespace

std::vector<Flag> CauseFlags::table() {
  return {{"message", &message, "Message of the commit", 'm'},
          {"user", &user, "Who asks for the change (becomes the author of the commit under fluxd --git-set-author)"}};
}

std::string git_identity(const Context& ctx, const Surroundings& surroundings) {
  const auto name = git_setting(ctx, surroundings, "user.name");
  const auto email = git_setting(ctx, surroundings, "user.email");
  if (name.empty() || email.empty()) return name + email;
  return fmt::format("{} <{}>", name, email);
}

}  // namespace flux::cli
