#include "git/write_check.h"

#include <fmt/format.h>

#include <random>

namespace flux::git {
namespace {

constexpr auto kNoWriteAccess =
    "Give fluxd's key or token write access to the repository, or run fluxd with --git-readonly.";

/// The fetch before went well, so the remote is there and knows us.
bool is_refusal(GitFailure failure) {
  using enum GitFailure;
  return failure == access_denied || failure == not_found || failure == protected_ref || failure == declined ||
         failure == other;
}

}  // namespace

std::string make_write_check_tag() {
  std::random_device random;
  std::string tag = "refs/tags/flux-write-check-";
  for (int i = 0; i < 5; ++i) tag += fmt::format("{:02x}", random() & 0xFFU);
  return tag;
}

GitResult<void> check_write_access(const Bounded& ctx, const LocalRepository& repository, const std::string& branch,
                                   const std::string& tag) {
  const auto& git = repository.git();
  auto head = branch_head(ctx, repository, branch);
  if (!head) return wrap(head.error(), "tag for write check");
  auto pushed = git.run(ctx, repository.dir(), Access::remote,
                        {"push", "--quiet", "--no-verify", "--", git.remote(), "+" + *head + ":" + tag});
  if (!pushed) {
    auto error = wrap(pushed.error(), "attempt to push tag");
    if (is_refusal(error.value().failure)) error.value().help = kNoWriteAccess;
    return error;
  }
  auto removed =
      git.run(ctx, repository.dir(), Access::remote, {"push", "--quiet", "--no-verify", "--", git.remote(), ":" + tag});
  if (!removed) return wrap(removed.error(), "removing tag of write check");
  return {};
}

}  // namespace flux::git
