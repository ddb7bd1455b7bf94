#include "git/keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "base/process.h"
#include "git/command.h"

namespace flux::git {
namespace {

namespace fs = std::filesystem;

Result<std::string> run_gpg(const Bounded& ctx, std::vector<std::string> args, std::string input = {}) {
  Command command;
  command.argv = {"gpg", "--batch", "--no-tty"};
  command.argv.insert(command.argv.end(), args.begin(), args.end());
  command.env = child_environment();
  command.input = std::move(input);
  auto exit = flux::run(ctx, command);
  if (!exit) return Failure(exit.error());
  if (exit->status != 0) return fail(ErrorKind::server, fmt::format("gpg {}: {}", args.front(), exit->err));
  return std::move(exit->out);
}

/// What can be read of the entry: itself, or its regular files in name order. Links are followed, so the links that
/// Kubernetes mounts count and its `..data` directory does not.
Result<std::vector<fs::path>> files_of(const std::string& entry) {
  std::error_code error;
  const auto status = fs::status(entry, error);
  if (!fs::exists(status)) return fail(ErrorKind::user, fmt::format("{}: no such file or directory", entry));
  if (!fs::is_directory(status)) return std::vector{fs::path(entry)};
  std::vector<fs::path> files;
  fs::directory_iterator at(entry, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    std::error_code unreadable;
    if (fs::is_regular_file(at->path(), unreadable)) files.push_back(at->path());
  }
  if (error) return fail(ErrorKind::user, fmt::format("{}: {}", entry, error.message()));
  std::ranges::sort(files);
  return files;
}

/// The fingerprints of the primary keys in `gpg --with-colons` output.
std::vector<std::string> fingerprints(std::string_view listing) {
  std::vector<std::string> found;
  bool primary = false;
  while (!listing.empty()) {
    const auto end = std::min(listing.find('\n'), listing.size());
    auto line = listing.substr(0, end);
    listing.remove_prefix(std::min(end + 1, listing.size()));
    if (line.starts_with("pub:")) primary = true;
    if (!primary || !line.starts_with("fpr:")) continue;
    primary = false;
    for (int field = 0; field < 9; ++field) line.remove_prefix(std::min(line.find(':') + 1, line.size()));
    found.emplace_back(line.substr(0, line.find(':')));
  }
  return found;
}

}  // namespace

KeyImport import_keys(const Bounded& ctx, const std::string& entry) {
  KeyImport outcome;
  outcome.entry = entry;
  auto files = files_of(entry);
  if (!files) {
    outcome.error = files.error().message;
    return outcome;
  }
  for (const auto& file : *files) {
    const auto imported = run_gpg(ctx, {"--import", "--", fs::absolute(file).string()});
    (imported ? outcome.imported : outcome.failed).push_back(file.filename().string());
  }
  if (!outcome.failed.empty())
    outcome.error = fmt::format("errored importing keys: [{}]", fmt::join(outcome.failed, " "));
  return outcome;
}

Result<void> trust_all_keys(const Bounded& ctx) {
  auto listing = run_gpg(ctx, {"--list-keys", "--with-colons", "--fingerprint"});
  if (!listing) return Failure(listing.error());
  std::string trust;
  for (const auto& fingerprint : fingerprints(*listing)) trust += fingerprint + ":6:\n";
  if (trust.empty()) return {};
  auto imported = run_gpg(ctx, {"--import-ownertrust"}, std::move(trust));
  if (!imported) return Failure(imported.error());
  return {};
}

}  // namespace flux::git
