#include "daemon/branch.h"

namespace flux::daemon {

Result<BranchHead> find_head(const Bounded& ctx, const Branch& branch, git::Mirror& mirror, sync::Marker& marker) {
  const auto repository = mirror.repository(git::Reader::sync);
  if (!repository) return Failure(repository.error());
  auto head = git::branch_head(ctx, **repository, branch.name);
  if (!head) return Failure(head.error());
  if (branch.verify == git::VerifyMode::none) return BranchHead{*head, *head, std::nullopt};
  auto synced = marker.read(ctx);
  if (!synced) return Failure(synced.error());
  // What cannot be read cannot be verified for ever. Without a marker all of the history has to be signed.
  if (!synced->empty())
    if (const auto known = git::resolve_commit(ctx, **repository, *synced);
        !known && known.error().kind == ErrorKind::missing)
      synced->clear();
  auto valid = git::latest_valid(ctx, **repository, *head, *synced, branch.verify);
  if (!valid) return Failure(valid.error());
  return BranchHead{std::move(*head), std::move(valid->revision), std::move(valid->invalid)};
}

}  // namespace flux::daemon
