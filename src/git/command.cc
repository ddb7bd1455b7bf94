#include "git/command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "git/ssh_key.h"

namespace flux::git {
namespace {

/// Settings of the user's own that would change what git does or prints for us, held at what we rely on.
constexpr std::array<std::string_view, 11> kSettings{
    "core.hooksPath=/dev/null",  "core.fsmonitor=false",   "core.quotePath=false",   "color.ui=false",
    "submodule.recurse=false",   "push.followTags=false",  "push.gpgSign=false",     "tag.gpgSign=false",
    "push.recurseSubmodules=no", "maintenance.auto=false", "log.showSignature=false"};

/// What git asks for credentials. It reads the environment, so that no command line holds what is secret.
constexpr std::string_view kHelper =
    R"(!f() { if test "$1" = get; then printf 'username=%s\npassword=%s\n' "$FLUX_GIT_USER" "$FLUX_GIT_PASSWORD"; fi; }; f)";

/// `https://host:port`: credentials are for this server only, and do not follow a redirect to another one.
std::string server_of(std::string_view address) {
  const auto host = address.find("://") + 3;
  return std::string(address.substr(0, std::min(address.find_first_of("/?#", host), address.size())));
}

std::vector<Secret> credential_settings(const Url& url) {
  const auto key = "credential." + server_of(url.address());
  std::vector<std::string> env;
  if (url.password().empty()) {
    // The password is for the user's own helpers to know.
    env = {"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=" + key + ".username", "GIT_CONFIG_VALUE_0=" + url.user().reveal()};
  } else {
    // The empty value drops the user's own helpers: what the URL says goes first.
    env = {"GIT_CONFIG_COUNT=2",
           "GIT_CONFIG_KEY_0=" + key + ".helper",
           "GIT_CONFIG_VALUE_0=",
           "GIT_CONFIG_KEY_1=" + key + ".helper",
           "GIT_CONFIG_VALUE_1=" + std::string(kHelper),
           "FLUX_GIT_USER=" + url.user().reveal(),
           "FLUX_GIT_PASSWORD=" + url.password().reveal()};
  }
  std::vector<Secret> secrets;
  for (auto& setting : env) secrets.emplace_back(std::move(setting));
  return secrets;
}

GitError explained(Error error, GitFailure failure) {
  error.help = help_for(failure);
  return {std::move(error), failure};
}

}  // namespace

std::vector<std::string> child_environment() {
  auto env =
      inherit({"http_proxy", "https_proxy", "no_proxy", "HTTPS_PROXY", "NO_PROXY", "GIT_PROXY_COMMAND", "HOME",
               "GNUPGHOME", "SECRETS_DIR", "SECRETS_EXTENSION", "CLOUDSDK_CONFIG", "CLOUDSDK_PYTHON",
               "NSS_WRAPPER_PASSWD", "NSS_WRAPPER_GROUP", "LD_PRELOAD", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"});
  env.insert(env.end(), {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"});
  return env;
}

std::string find_error_line(std::string_view output) {
  while (!output.empty()) {
    const auto end = std::min(output.find('\n'), output.size());
    auto line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("fatal: ") || line.starts_with("ERROR fatal: ")) return std::string(line);
    if (!line.starts_with("error:")) continue;
    line.remove_prefix(6);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return std::string(line);
  }
  return {};
}

Git::Git() = default;

Git::Git(const Url& url, const std::filesystem::path& ssh_identity) : remote_(url.address()), secrets_(url.secrets()) {
  if (url.is_http() && !(url.user().empty() && url.password().empty())) credentials_ = credential_settings(url);
  if (!url.is_http() && !ssh_identity.empty())
    credentials_.emplace_back("GIT_SSH_COMMAND=" + ssh_command(ssh_identity));
}

Command Git::command(const std::filesystem::path& dir, Access access, const std::vector<std::string>& args) const {
  Command command;
  command.argv = {"git"};
  for (const auto setting : kSettings) command.argv.insert(command.argv.end(), {"-c", std::string(setting)});
  command.argv.insert(command.argv.end(), args.begin(), args.end());
  command.env = child_environment();
  command.env.insert(command.env.end(), {"GIT_TERMINAL_PROMPT=0", "GIT_ALLOW_PROTOCOL=file:git:http:https:ssh",
                                         "GIT_LITERAL_PATHSPECS=1"});
  if (access == Access::remote)
    for (const auto& setting : credentials_) command.env.push_back(setting.reveal());
  command.cwd = dir;
  return command;
}

GitResult<Exit> Git::attempt(const Bounded& ctx, const std::filesystem::path& dir, Access access,
                             const std::vector<std::string>& args, std::string input) const {
  auto what = command(dir, access, args);
  what.input = std::move(input);
  auto exit = flux::run(ctx, what);
  if (!exit) {
    GitError error = exit.error();
    if (ctx.expired() && !ctx.stopped())
      error = explained(std::move(error), GitFailure::timed_out);
    else if (::access(dir.c_str(), X_OK) == 0)  // otherwise it is the directory
      error.failure = GitFailure::not_run;
    return wrap(std::move(error), scrub(fmt::format("running git command: git [{}]", fmt::join(args, " ")), secrets_));
  }
  exit->err = scrub(std::move(exit->err), secrets_);
  return exit;
}

GitResult<std::string> Git::run(const Bounded& ctx, const std::filesystem::path& dir, Access access,
                                const std::vector<std::string>& args, std::string input) const {
  auto exit = attempt(ctx, dir, access, args, std::move(input));
  if (!exit) return tl::unexpected(exit.error());
  if (exit->status != 0) return tl::unexpected(failure(args, *exit));
  return std::move(exit->out);
}

GitError Git::failure(const std::vector<std::string>& args, const Exit& exit) const {
  auto output = scrub(exit.err + exit.out, secrets_);
  const auto line = find_error_line(output);
  if (!line.empty())
    output = line + ", full output:\n " + output;
  else if (output.empty())
    output = scrub(fmt::format("git [{}] ended with status {}", fmt::join(args, " "), exit.status), secrets_);
  return explained(Error{ErrorKind::server, std::move(output), {}}, classify(exit.err));
}

}  // namespace flux::git
