#include "git/write_check.h"

namespace flux::git {
namespace {

constexpr std::string_view kTag = "refs/tags/flux-write-check";
constexpr auto kNoWriteAccess =
    "Give fluxd's key or token write access to the repository, or run fluxd with --git-readonly.";

/// The fetch before went well, so the remote is there and knows us.
bool is_refusal(GitFailure failure) {
  using enum GitFailure;
  return failure == access_denied || failure == not_found || failure == protected_ref || failure == declined ||
         failure == other;
}

}  // namespace

GitResult<void> check_write_access(const Bounded& ctx, const LocalRepository& repository, const std::string& branch) {
  const auto& git = repository.git();
  auto head = branch_head(ctx, repository, branch);
  if (!head) return wrap(head.error(), "tag for write check");
  auto pushed = git.run(
      ctx, repository.dir(), Access::remote,
      {"push", "--dry-run", "--quiet", "--no-verify", "--", git.remote(), "+" + *head + ":" + std::string(kTag)});
  if (pushed) return {};
  auto error = wrap(pushed.error(), "attempt to push tag");
  if (is_refusal(error.value().failure)) error.value().help = kNoWriteAccess;
  return error;
}

}  // namespace flux::git
