#include "git/ssh_key.h"

#include <fmt/format.h>

#include "base/process.h"
#include "git/command.h"

namespace flux::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxOutput = 1 << 20;

Result<std::string> run_keygen(const Bounded& ctx, std::vector<std::string> args, std::string input = {}) {
  Command command;
  command.argv = {"ssh-keygen"};
  command.argv.insert(command.argv.end(), args.begin(), args.end());
  command.env = child_environment();
  command.input = std::move(input);
  command.max_output = kMaxOutput;
  auto exit = flux::run(ctx, command);
  if (!exit) return wrap(exit.error(), "running ssh-keygen");
  if (exit->status == 0) return std::move(exit->out);
  while (exit->err.ends_with('\n') || exit->err.ends_with('\r')) exit->err.pop_back();
  return fail(ErrorKind::user, fmt::format("ssh-keygen ended with status {}: {}", exit->status, exit->err));
}

Result<KeyFingerprint> read_fingerprint(const Bounded& ctx, const std::string& public_key, const char* algorithm) {
  auto output = run_keygen(ctx, {"-l", "-v", "-E", algorithm, "-f", "-"}, public_key);
  if (!output) return Failure(output.error());
  return parse_fingerprint(*output);
}

/// As a word for a shell, within double quotes.
std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) {
    if (std::string_view("\"$`\\").find(c) != std::string_view::npos) word += '\\';
    word += c == '\'' ? std::string(R"('\\'')") : std::string(1, c);
  }
  return word + "'";
}

}  // namespace

Result<void> generate_ssh_key(const Bounded& ctx, const fs::path& file, const KeygenOptions& options) {
  std::vector<std::string> args{"-q", "-N", "", "-f", file.string()};
  if (options.bits) args.insert(args.end(), {"-b", std::to_string(*options.bits)});
  if (!options.type.empty()) args.insert(args.end(), {"-t", options.type});
  if (!options.format.empty()) args.insert(args.end(), {"-m", options.format});
  const auto made = run_keygen(ctx, std::move(args));
  if (made) return {};
  auto error = wrap(made.error(), "making a deploy key").value();
  if (error.kind == ErrorKind::user)
    error.help = "Check --ssh-keygen-type, --ssh-keygen-bits and --ssh-keygen-format; without them ssh-keygen decides.";
  return Failure(std::move(error));
}

Result<SshPublicKey> read_ssh_public_key(const Bounded& ctx, const fs::path& private_key) {
  SshPublicKey key;
  // An empty passphrase rather than a question on the terminal.
  auto text = run_keygen(ctx, {"-y", "-P", "", "-f", private_key.string()});
  if (!text) {
    auto error = wrap(text.error(), "reading the deploy key").value();
    if (error.kind == ErrorKind::user)
      error.help = "It has to be an ssh private key without a passphrase, as ssh-keygen -N '' makes it.";
    return Failure(std::move(error));
  }
  key.text = std::move(*text);
  auto md5 = read_fingerprint(ctx, key.text, "md5");
  if (!md5) return Failure(md5.error());
  auto sha256 = read_fingerprint(ctx, key.text, "sha256");
  if (!sha256) return Failure(sha256.error());
  key.md5 = std::move(*md5);
  key.sha256 = std::move(*sha256);
  return key;
}

Result<KeyFingerprint> parse_fingerprint(std::string_view output) {
  const auto line_end = output.find('\n');
  const auto line = output.substr(0, line_end);
  const auto start = line.find(' ');
  const auto colon = line.find(':', start);
  const auto end = line.find(' ', colon);
  if (line_end == std::string_view::npos || start == std::string_view::npos || colon == std::string_view::npos ||
      end == std::string_view::npos)
    return fail(ErrorKind::server, "ssh-keygen printed a fingerprint of unknown form");
  KeyFingerprint fingerprint{std::string(line.substr(colon + 1, end - colon - 1)),
                             std::string(output.substr(line_end + 1))};
  if (!fingerprint.randomart.ends_with('\n')) fingerprint.randomart += '\n';
  return fingerprint;
}

std::string ssh_command(const fs::path& identity) {
  // eval, because git gives the user's command to a shell too.
  return fmt::format(R"(f() {{ eval "$(git config --get core.sshCommand || echo ssh) -i {} \"\$@\""; }}; f)",
                     quoted(identity.string()));
}

}  // namespace flux::git
