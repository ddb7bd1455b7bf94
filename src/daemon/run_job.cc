#include "daemon/run_job.h"

#include <fmt/format.h>

namespace flux::daemon {
namespace {

constexpr std::size_t kShort = 8;  // digits of a commit in messages about signatures

/// Clients look for `branch HEAD in the git repo is not verified` and `last verified commit was` (compat/api.md 6.4),
/// and then go on with the revision: where there is none they must not find them.
JobOutcome not_verified(const BranchHead& found) {
  JobOutcome outcome;
  if (found.valid.empty()) {
    outcome.error = {ErrorKind::user,
                     fmt::format("no commit of the branch is verified, and fluxd is unable to sync to it. HEAD is {}.",
                                 found.head.substr(0, kShort)),
                     "Sign the commits with a key that was given to --git-gpg-key-import."};
    return outcome;
  }
  outcome.result.revision = found.valid;
  outcome.error = {
      ErrorKind::user,
      fmt::format("The branch HEAD in the git repo is not verified, and fluxd is unable to sync to it. The last "
                  "verified commit was {}. HEAD is {}.",
                  found.valid.substr(0, kShort), found.head.substr(0, kShort)),
      "Sign the commits with a key that was given to --git-gpg-key-import."};
  return outcome;
}

JobOutcome run_sync(const Bounded& ctx, const JobParts& parts) {
  if (auto fetched = parts.mirror.refresh(ctx); !fetched) return {{}, fetched.error()};
  const auto found = find_head(ctx.with_timeout(parts.git_timeout), parts.branch, parts.mirror, parts.marker);
  if (!found) return {{}, found.error()};
  if (found->valid != found->head) return not_verified(*found);
  JobOutcome outcome;
  outcome.result.revision = found->head;
  return outcome;
}

}  // namespace

JobOutcome run_job(const Bounded& ctx, const JobParts& parts, const std::string& id, const UpdateSpec& spec) {
  if (std::holds_alternative<SyncSpec>(spec.detail)) return run_sync(ctx, parts);
  return parts.updater->run(ctx, id, spec);
}

Result<void> check_update(const UpdateSpec& spec, const git::Mirror& mirror) {
  if (std::holds_alternative<SyncSpec>(spec.detail)) return {};
  if (mirror.read_only())
    return fail(ErrorKind::user, "cannot make a working clone of a read-only git repo",
                "fluxd runs with --git-readonly, so it never writes to the repository.\n"
                "Make the change in the repository yourself, or restart fluxd without that flag.");
  if (const auto repository = mirror.repository(); !repository) return Failure(repository.error());
  return {};
}

}  // namespace flux::daemon
