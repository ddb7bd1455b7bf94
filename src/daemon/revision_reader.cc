#include "daemon/revision_reader.h"

namespace flux::daemon {

Result<DesiredView> RevisionReader::read(const Bounded& ctx, const std::shared_ptr<const git::Repository>& repository,
                                         const std::string& revision, bool keep) {
  if (const auto report = reports_.latest(); report->desired.revision == revision) {
    // Whoever holds the lock is reading; what is kept goes with the next request.
    if (const std::unique_lock lock(mutex_, std::try_to_lock); lock) kept_.reset();
    return report->desired;
  }
  const std::lock_guard lock(mutex_);
  if (kept_ && kept_->revision == revision && kept_->catalog == discovery_.last()) return kept_->outcome;
  auto outcome = read_anew(ctx, repository, revision);
  // Git that cannot be read, and time that has run out, say nothing about the revision.
  const bool lasting = outcome || outcome.error().kind == ErrorKind::user;
  if (keep && lasting) kept_ = Kept{revision, discovery_.last(), outcome};
  return outcome;
}

Result<DesiredView> RevisionReader::read_anew(const Bounded& ctx,
                                              const std::shared_ptr<const git::Repository>& repository,
                                              const std::string& revision) {
  DesiredState state(git_paths_, default_ns_, missing_);
  const auto quiet = ctx.with_log({});
  if (auto ok = state.read(quiet, repository, revision); !ok) return Failure(ok.error());
  if (auto ok = state.resolve(quiet, discovery_); !ok) return Failure(ok.error());
  return state.view();
}

}  // namespace flux::daemon
