#include "git/mirror_copy.h"

namespace flux::git {
namespace {

/// How many of Reader::query read at a time. Each may have a git process; one at work keeps a core busy.
constexpr std::size_t kQueryReaders = 3;

/// Explicit refspecs: pull requests and what else a server keeps under other names stay there. Tags are asked for by
/// name already, so git need not follow them on its own.
std::vector<std::string> fetch_args(const std::string& remote) {
  return {"fetch",
          "--no-auto-maintenance",
          "--no-write-fetch-head",
          "--no-show-forced-updates",
          "--no-recurse-submodules",
          "--no-tags",
          "--prune",
          "--force",
          "--quiet",
          "--",
          remote,
          "+refs/heads/*:refs/heads/*",
          "+refs/tags/*:refs/tags/*",
          "+refs/notes/*:refs/notes/*"};
}

}  // namespace

MirrorCopy::MirrorCopy(std::unique_ptr<CloneDir> dir, const Git& git)
    : dir_(std::move(dir)), for_sync_(git, dir_->path()), for_query_(git, dir_->path(), kQueryReaders) {}

GitResult<std::shared_ptr<const MirrorCopy>> MirrorCopy::make(const Bounded& ctx, const Git& git,
                                                              const std::filesystem::path& parent,
                                                              const std::string& branch) {
  auto dir = CloneDir::make(parent);
  if (!dir) return Failure(dir.error());
  // Not `git clone`: that would write the address into the repository's configuration.
  auto made = git.run(ctx, (*dir)->path(), Access::local,
                      {"init", "--quiet", "--bare", "--template=", "--initial-branch=" + branch, "."});
  if (!made) return tl::unexpected(made.error());
  return std::make_shared<const MirrorCopy>(std::move(*dir), git);
}

GitResult<void> MirrorCopy::fetch(const Bounded& ctx) const {
  const auto& git = for_sync_.git();
  auto fetched = git.run(ctx, dir_->path(), Access::remote, fetch_args(git.remote()));
  if (!fetched && fetched.error().failure != GitFailure::missing_ref) return tl::unexpected(fetched.error());
  return {};
}

GitResult<void> MirrorCopy::tidy(const Bounded& ctx) const {
  auto packed =
      for_sync_.git().run(ctx, dir_->path(), Access::local, {"-c", "gc.autoDetach=false", "gc", "--auto", "--quiet"});
  if (!packed) return tl::unexpected(packed.error());
  return {};
}

bool MirrorCopy::is_gone() const {
  std::error_code ignored;
  return !std::filesystem::exists(dir_->path() / "HEAD", ignored);
}

bool MirrorCopy::is_damaged(const Bounded& ctx) const {
  const auto checked =
      for_sync_.git().attempt(ctx, dir_->path(), Access::local, {"fsck", "--full", "--no-dangling", "--no-progress"});
  return checked && checked->status != 0;
}

}  // namespace flux::git
