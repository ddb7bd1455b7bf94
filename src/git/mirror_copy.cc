#include "git/mirror_copy.h"

#include <fmt/format.h>

namespace flux::git {
namespace {

/// How many of Reader::query read at a time. Each may have a git process; one at work keeps a core busy.
constexpr std::size_t kQueryReaders = 3;

enum class Extent { everything, branch };

/// Explicit refspecs: pull requests and what else a server keeps under other names stay there. Tags are asked for by
/// name already, so git need not follow them on its own. The branch by its name comes first: git refuses to go on, and
/// to prune, when that one is not there.
std::vector<std::string> fetch_args(const std::string& remote, const std::string& branch, Extent extent) {
  std::vector<std::string> args{"fetch",
                                "--no-auto-maintenance",
                                "--no-write-fetch-head",
                                "--no-show-forced-updates",
                                "--quiet",
                                "--no-recurse-submodules",
                                "--no-tags",
                                "--force"};
  if (extent == Extent::everything) args.emplace_back("--prune");
  args.insert(args.end(), {"--", remote, fmt::format("+refs/heads/{0}:refs/heads/{0}", branch)});
  if (extent == Extent::everything)
    args.insert(args.end(), {"+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*", "+refs/notes/*:refs/notes/*"});
  return args;
}

}  // namespace

MirrorCopy::MirrorCopy(std::unique_ptr<CloneDir> dir, const Git& git, std::string branch)
    : dir_(std::move(dir)),
      branch_(std::move(branch)),
      for_sync_(git, dir_->path()),
      for_query_(git, dir_->path(), kQueryReaders) {}

GitResult<std::shared_ptr<const MirrorCopy>> MirrorCopy::make(const Bounded& ctx, const Git& git,
                                                              const std::filesystem::path& parent,
                                                              const std::string& branch, IdFormat format) {
  auto dir = CloneDir::make(parent);
  if (!dir) return Failure(dir.error());
  // Not `git clone`: that would write the address into the repository's configuration.
  auto made = git.run(ctx, (*dir)->path(), Access::local,
                      {"init", "--quiet", "--bare", "--template=", "--initial-branch=" + branch,
                       format == IdFormat::sha1 ? "--object-format=sha1" : "--object-format=sha256", "."});
  if (!made) return tl::unexpected(made.error());
  return std::make_shared<const MirrorCopy>(std::move(*dir), git, branch);
}

GitResult<Fetched> MirrorCopy::fetch(const Bounded& ctx) const {
  const auto& git = for_sync_.git();
  auto fetched = git.run(ctx, dir_->path(), Access::remote, fetch_args(git.remote(), branch_, Extent::everything));
  if (fetched) return Fetched{};
  if (fetched.error().failure == GitFailure::missing_ref) return tl::unexpected(explain_missing_branch(ctx));
  if (fetched.error().failure != GitFailure::remote_damaged) return tl::unexpected(fetched.error());
  auto branch = git.run(ctx, dir_->path(), Access::remote, fetch_args(git.remote(), branch_, Extent::branch));
  if (!branch) return tl::unexpected(branch.error());
  return Fetched{fetched.error()};
}

GitError MirrorCopy::explain_missing_branch(const Bounded& ctx) const {
  const auto& git = for_sync_.git();
  auto error = no_such_branch(branch_);
  const auto refs = git.attempt(ctx, dir_->path(), Access::remote, {"ls-remote", "--quiet", "--", git.remote()});
  if (refs && refs->status == 0 && refs->out.empty()) {
    error.message += ": the git server shows a repository without any branch or tag";
    error.help +=
        " If the repository is not empty, something else answers in its place: look at the git URL, and at the "
        "proxies on the way.";
  }
  return {std::move(error), GitFailure::missing_ref};
}

std::size_t MirrorCopy::sweep() const {
  namespace fs = std::filesystem;
  std::size_t removed = 0;
  std::error_code ignored;
  for (fs::recursive_directory_iterator at(dir_->path() / "objects", ignored), end; !ignored && at != end;
       at.increment(ignored)) {
    std::error_code failed;
    const auto name = at->path().filename().string();
    if ((name.starts_with("tmp_") || name.starts_with(".tmp-")) && at->is_regular_file(failed))
      removed += fs::remove(at->path(), failed) ? 1 : 0;
  }
  return removed;
}

GitResult<void> MirrorCopy::tidy(const Bounded& ctx) const {
  auto packed =
      for_sync_.git().run(ctx, dir_->path(), Access::local, {"-c", "gc.autoDetach=false", "gc", "--auto", "--quiet"});
  if (!packed) return tl::unexpected(packed.error());
  return {};
}

bool MirrorCopy::is_gone() const {
  std::error_code unknown;
  return !std::filesystem::exists(dir_->path(), unknown) && !unknown;
}

std::optional<bool> MirrorCopy::is_readable(const Bounded& ctx) const {
  const auto asked = for_sync_.git().attempt(ctx, dir_->path(), Access::local, {"for-each-ref", "--count=1"});
  if (!asked && asked.error().failure == GitFailure::not_run) return std::nullopt;
  return asked && asked->status == 0;
}

std::optional<bool> MirrorCopy::is_sound(const Bounded& ctx) const {
  const auto checked =
      for_sync_.git().attempt(ctx, dir_->path(), Access::local, {"fsck", "--full", "--no-dangling", "--no-progress"});
  constexpr int kBySignal = 128;  // git's own deaths have this very status
  if (!checked || checked->status > kBySignal) return std::nullopt;
  return checked->status == 0;
}

}  // namespace flux::git
