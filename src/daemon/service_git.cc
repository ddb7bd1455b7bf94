// The answers that come from the repository and the job queue.
#include <algorithm>

#include "daemon/run_job.h"
#include "daemon/service.h"
#include "git/log.h"
#include "git/notes.h"
#include "model/update_note.h"

namespace flux::daemon {
namespace {

std::vector<std::string> revisions_of(const std::vector<git::Commit>& commits) {
  std::vector<std::string> revisions;
  revisions.reserve(commits.size());
  for (const auto& commit : commits) revisions.push_back(commit.revision);
  return revisions;
}

/// What a commit's note says of the job that made it. Policy jobs have no result there (compat/api.md 10, trap 26).
api::JobStatus status_from(const std::string& revision, const git::Note& note) {
  api::JobStatus status;
  status.state = api::JobState::succeeded;
  status.result.revision = revision;
  if (auto decoded = decode_note(note.json)) {
    status.result.spec = std::move(decoded->spec);
    status.result.result = std::move(decoded->result);
  }
  return status;
}

Error unknown_job(const std::string& id) {
  return {ErrorKind::missing, "unknown job \"" + id + "\"",
          "No such job is known. fluxd remembers the latest 100 jobs until it restarts; after that, only those that\n"
          "made a commit, through the notes in the git repository."};
}

}  // namespace

/// Generators may read files outside the paths that they are in (compat/api.md 11, row 9).
std::vector<std::string> Service::commit_paths() const {
  return options_.every_path ? std::vector<std::string>() : options_.sync.git_paths;
}

Result<std::string> Service::update_manifests(const Context& client_ctx, const UpdateSpec& spec) {
  if (auto ok = check_update(spec, parts_.mirror); !ok) return Failure(ok.error());
  if (const auto other = leader(); !other.empty())
    return fail(ErrorKind::server, "another fluxd leads, and this one changes nothing: " + other,
                "Ask that one: fluxctl --k8s-fwd-labels chooses a pod by its labels.");
  if (!spec.is_plan() || !parts_.updater) return parts_.state.jobs.enqueue(spec);
  // A plan changes nothing, so it waits for nobody.
  const auto ctx = client_ctx.with_timeout(options_.sync.sync_timeout);
  const auto permit = slow_.acquire(ctx);
  if (!permit) return Failure(permit.error());
  auto id = new_job_id();
  if (!id) return id;
  parts_.state.jobs.add_ended(*id, parts_.updater->run(ctx, *id, spec));
  return id;
}

Result<api::JobStatus> Service::job_status(const Context& ctx, const std::string& id) {
  if (auto known = parts_.state.jobs.status(id)) return std::move(*known);
  const auto git_ctx = ctx.with_timeout(options_.git_timeout);
  const auto permit = slow_.acquire(git_ctx);
  if (!permit) return Failure(permit.error());
  const auto repository = parts_.mirror.repository();
  if (!repository) return Failure(repository.error());
  const auto head = git::branch_head(git_ctx, **repository, options_.branch);
  if (!head) return Failure(head.error());
  const auto commits =
      git::list_commits(git_ctx, **repository,
                        {.from = {}, .to = *head, .paths = commit_paths(), .detail = git::CommitDetail::revisions});
  if (!commits) return Failure(commits.error());
  const auto notes = git::read_notes(git_ctx, **repository, options_.notes_ref, revisions_of(*commits));
  if (!notes) return Failure(notes.error());
  for (const auto& commit : *commits)
    if (const auto note = notes->find(commit.revision); note != notes->end() && note->second.job_id == id)
      return status_from(commit.revision, note->second);
  return Failure(unknown_job(id));
}

Result<std::vector<std::string>> Service::sync_status(const Context& ctx, const std::string& ref) {
  const auto git_ctx = ctx.with_timeout(options_.git_timeout);
  const auto permit = slow_.acquire(git_ctx);
  if (!permit) return Failure(permit.error());
  const auto repository = parts_.mirror.repository();
  if (!repository) return Failure(repository.error());
  const auto to = git::resolve_commit(git_ctx, **repository, ref);
  if (!to) return Failure(to.error());
  auto marker = parts_.marker.read(git_ctx);
  if (!marker) return Failure(marker.error());
  // After a force-push the marker's commit may be gone: then nothing of `ref` is known to be synced.
  if (!marker->empty() && !git::resolve_commit(git_ctx, **repository, *marker)) marker->clear();
  const auto commits =
      git::list_commits(git_ctx, **repository,
                        {.from = *marker, .to = *to, .paths = commit_paths(), .detail = git::CommitDetail::revisions});
  if (!commits) return Failure(commits.error());
  return revisions_of(*commits);
}

}  // namespace flux::daemon
