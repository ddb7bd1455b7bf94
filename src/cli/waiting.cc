#include "cli/waiting.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/result_table.h"

namespace flux::cli {
namespace {

constexpr std::size_t kShortRevision = 7;

CommandError timed_out(Duration timeout, const std::string& what) {
  CommandError error(Error{ErrorKind::cancelled, "timeout",
                           fmt::format("Waited {} {}. Use --timeout to wait longer.", format_duration(timeout), what)});
  error.timed_out = true;
  return error;
}

/// Whether a look that failed may be taken again: through a tunnel that will be opened anew.
bool may_recover(const Session& session, const CommandError& error) {
  return session.tunnelled() && !error.answered && error.error.kind == ErrorKind::server;
}

/// Tells why the daemon did not apply the commit. False when there may be something to tell later.
bool tell_failure(const Context& ctx, api::Client& daemon, const std::string& revision, Progress& progress) {
  const auto status = daemon.status(ctx);
  if (!status) return true;  // as Flux v1 answers
  const auto& sync = status->last_sync;
  if (!sync || sync->error.empty() || !sync->revision.starts_with(revision)) return false;
  progress.say(fmt::format("{} is not applied, and will be tried again: {}", revision, sync->error));
  return true;
}

}  // namespace

Outcome<void> wait_until(const Context& ctx, Session& session, Backoff backoff, const std::string& what,
                         const std::function<Outcome<bool>(Progress&)>& look) {
  const auto& surroundings = session.surroundings();
  const auto start = surroundings.now();
  Progress progress(session.surroundings(), what);
  for (auto pause = backoff.first;; pause = std::min(pause * 2, backoff.cap)) {
    const auto seen = look(progress);
    if (seen && *seen) return {};
    const auto elapsed = surroundings.now() - start;
    const bool last = elapsed + pause > session.timeout();
    if (!seen && (last || !may_recover(session, seen.error()))) return tl::unexpected(seen.error());
    if (last) return tl::unexpected(timed_out(session.timeout(), what));
    progress.show(elapsed);
    if (!surroundings.wait(ctx, pause)) return pass(Error{ErrorKind::cancelled, "interrupted", ""});
  }
}

Outcome<api::JobStatus> wait_for_end_of_job(const Context& ctx, Session& session, const std::string& id) {
  auto daemon = session.daemon(ctx);
  if (!daemon) return tl::unexpected(daemon.error());
  api::JobStatus status;
  const auto ended =
      wait_until(ctx, session, kJobBackoff, fmt::format("for job {}", id), [&](Progress&) -> Outcome<bool> {
        auto seen = (*daemon)->job_status(ctx, id);
        if (!seen) return pass(seen.error());
        status = *std::move(seen);
        return status.state == api::JobState::failed || status.state == api::JobState::succeeded;
      });
  if (!ended) return tl::unexpected(ended.error());
  return status;
}

Outcome<api::JobResult> result_of(api::JobStatus ended) {
  if (ended.state != api::JobState::failed && ended.error.empty()) return std::move(ended.result);
  return fail(ErrorKind::server, ended.error.empty() ? "the job failed without giving a reason" : ended.error,
              unchanged_rows(ended.result.result));
}

Outcome<void> wait_until_applied(const Context& ctx, Session& session, const std::string& revision) {
  auto daemon = session.daemon(ctx);
  if (!daemon) return tl::unexpected(daemon.error());
  int looks = 0;
  bool told = false;
  return wait_until(ctx, session, kAppliedBackoff, fmt::format("for {} to be applied", short_revision(revision)),
                    [&](Progress& progress) -> Outcome<bool> {
                      const auto to_come = (*daemon)->sync_status(ctx, revision);
                      if (!to_come) return pass(to_come.error());
                      if (to_come->empty()) return true;
                      // At the first look the sync has only begun.
                      if (++looks > 1 && !told) told = tell_failure(ctx, **daemon, revision, progress);
                      return false;
                    });
}

std::string short_revision(const std::string& revision) { return revision.substr(0, kShortRevision); }

}  // namespace flux::cli
