#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/update.h"
#include "cli/waiting.h"

namespace flux::cli {
namespace {

std::string with_details(std::string text, const std::string& errors) {
  return errors.empty() ? text : fmt::format("{}\n\nFull error message: {}", text, errors);
}

/// Whether the daemon can sync at all (compat/fluxctl.md 2.7).
Result<void> check_ready(const api::GitConfig& git) {
  if (git.status == "ready") return {};
  if (git.status == "unconfigured")
    return fail(ErrorKind::user, "no git repository is configured", "Start fluxd with --git-url.");
  if (git.status == "unreachable")
    return fail(
        ErrorKind::server,
        fmt::format("can not connect to git repository with URL {}\n\nFull error message: {}", git.url, git.errors),
        "`fluxctl identity` prints the key that the git server has to accept, with write access.");
  return fail(ErrorKind::server,
              with_details(fmt::format("git repository {} is not ready to sync", git.url), git.errors),
              "It may still be cloning: try again in a moment. `fluxctl status` shows how far it is.");
}

/// An unverified commit at the head is no failure: what was verified before it is what gets applied.
bool stopped_at_verified(const std::string& error) {
  return error.find("branch HEAD in the git repo is not verified") != std::string::npos &&
         error.find("last verified commit was") != std::string::npos;
}

void name_failed(Session& session, const std::string& job) {
  session.err() << fmt::format("Failed to complete sync job (ID \"{}\")\n", job);
}

class SyncCommand : public Command {
 public:
  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{.name = "sync", .summary = "Apply what is in the git repository, now"};
    return kText;
  }

  Outcome<void> run(const Context& ctx, Session& session) override {
    const auto daemon = session.daemon(ctx);
    if (!daemon) return tl::unexpected(daemon.error());
    const auto git = (*daemon)->git_repo_config(ctx, false);
    if (!git) return pass(git.error());
    if (auto ready = check_ready(*git); !ready) return pass(ready.error());
    session.err() << fmt::format("Synchronizing with {}\n", git->url);
    const auto job = submit(ctx, session, {});
    if (!job) return tl::unexpected(job.error());
    const auto status = wait_for_end_of_job(ctx, session, *job);
    if (!status) {
      name_failed(session, *job);
      return tl::unexpected(status.error());
    }
    if (auto failed = check_job(session, *job, *status); !failed) return failed;
    return wait(ctx, session, git->branch, status->result.revision);
  }

 private:
  static Outcome<void> check_job(Session& session, const std::string& job, const api::JobStatus& status) {
    if (status.state != api::JobState::failed && status.error.empty()) return {};
    if (stopped_at_verified(status.error)) {
      session.err() << fmt::format("Warning: {}\n", status.error);
      return {};
    }
    name_failed(session, job);
    return fail(ErrorKind::server, status.error);
  }

  static Outcome<void> wait(const Context& ctx, Session& session, const std::string& branch,
                            const std::string& revision) {
    if (revision.empty()) {
      session.err() << fmt::format("There is no revision of {} to apply\n", branch);
      return {};
    }
    const auto name = short_revision(revision);
    session.err() << fmt::format("Revision of {} to apply is {}\nWaiting for {} to be applied ...\n", branch, name,
                                 name)
                  << std::flush;
    if (auto applied = wait_until_applied(ctx, session, name); !applied) return applied;
    session.err() << "Done.\n";
    return {};
  }
};

}  // namespace

std::unique_ptr<Command> sync_command() { return std::make_unique<SyncCommand>(); }

}  // namespace flux::cli
