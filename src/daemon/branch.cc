#include "daemon/branch.h"

namespace flux::daemon {

Result<BranchHead> find_head(const Bounded& ctx, const Branch& branch, git::Mirror& mirror, sync::Marker& marker) {
  const auto repository = mirror.repository(git::Reader::sync);
  if (!repository) return Failure(repository.error());
  auto head = git::branch_head(ctx, **repository, branch.name);
  if (!head) return Failure(head.error());
  if (branch.verify == git::VerifyMode::none) return BranchHead{*head, *head, std::nullopt};
  const auto synced = marker.read(ctx);
  if (!synced) return Failure(synced.error());
  auto valid = git::latest_valid(ctx, **repository, *head, *synced, branch.verify);
  if (!valid) return Failure(valid.error());
  return BranchHead{std::move(*head), std::move(valid->revision), std::move(valid->invalid)};
}

}  // namespace flux::daemon
