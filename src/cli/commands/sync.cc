#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/commands/commands.h"
#include "cli/newer_daemon.h"
#include "cli/status_page.h"
#include "cli/update.h"
#include "cli/waiting.h"

namespace flux::cli {
namespace {

std::string with_details(std::string text, const std::string& errors) {
  return errors.empty() ? text : fmt::format("{}\n\nFull error message: {}", text, errors);
}

/// A state that every start goes through. Whatever else is wrong is said in other words, and does not pass so soon.
bool passes_by_itself(const api::GitConfig& git) {
  static constexpr std::array<std::string_view, 2> kPassing{
      "git repo has not been cloned yet", "git repo has been cloned but not yet checked for write access"};
  if (git.status != "new" && git.status != "cloned") return false;
  return git.errors.empty() ||
         std::ranges::any_of(kPassing, [&](std::string_view text) { return git.errors.starts_with(text); });
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
    static const CommandText kText{
        .name = "sync",
        .summary = "Apply what is in the git repository, now",
        .description =
            R"(Fetch the git repository and wait until its newest commit is applied. Resources that could not be applied are
named; fluxd goes on trying. The exit status is 0 all the same, unless --fail-on-errors says otherwise.)"};
    return kText;
  }

  std::vector<Flag> flags() override {
    return {{"fail-on-errors", &fail_on_errors_, "Exit with 1 if any resource could not be applied"}};
  }

  Outcome<void> run(const Context& ctx, Session& session) override {
    const auto daemon = session.daemon(ctx);
    if (!daemon) return tl::unexpected(daemon.error());
    const auto git = wait_until_ready(ctx, session, **daemon);
    if (!git) return tl::unexpected(git.error());
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
  /// A daemon that has only just started is waited for.
  static Outcome<api::GitConfig> wait_until_ready(const Context& ctx, Session& session, api::Client& daemon) {
    std::optional<api::GitConfig> git;
    const auto looked =
        wait_until(ctx, session, kJobBackoff, "for the git repository to be cloned", [&](Progress&) -> Outcome<bool> {
          auto config = daemon.git_repo_config(ctx, false);
          if (!config) return pass(config.error());
          git = *std::move(config);
          return !passes_by_itself(*git);
        });
    if (!looked && !(looked.error().timed_out && git)) return tl::unexpected(looked.error());
    if (auto ready = check_ready(*git); !ready) return pass(ready.error());
    return *std::move(git);
  }

  static Outcome<void> check_job(Session& session, const std::string& job, const api::JobStatus& status) {
    if (status.state != api::JobState::failed && status.error.empty()) return {};
    if (stopped_at_verified(status.error)) {
      session.err() << fmt::format("Warning: {}\n", status.error);
      return {};
    }
    name_failed(session, job);
    return fail(ErrorKind::server, status.error);
  }

  Outcome<void> wait(const Context& ctx, Session& session, const std::string& branch,
                     const std::string& revision) const {
    if (revision.empty()) {
      session.err() << fmt::format("There is no revision of {} to apply\n", branch);
      return {};
    }
    const auto name = short_revision(revision);
    session.err() << fmt::format("Revision of {} to apply is {}\nWaiting for {} to be applied ...\n", branch, name,
                                 name)
                  << std::flush;
    if (auto applied = wait_until_applied(ctx, session, name); !applied) return applied;
    return tell_end(ctx, session, name);
  }

  /// The commit has arrived; whether all of its resources have is another question, which Flux v1 does not answer.
  Outcome<void> tell_end(const Context& ctx, Session& session, const std::string& name) const {
    const auto daemon = session.daemon(ctx);
    if (!daemon) return tl::unexpected(daemon.error());
    const auto status = (*daemon)->status(ctx);
    if (!status && fail_on_errors_) return tl::unexpected(needs_newer_daemon(status.error()));
    if (!status || status->out_of_step.empty()) {
      session.err() << "Done.\n";
      return {};
    }
    const auto failed = status->out_of_step.size();
    session.err() << fmt::format("Done, but {} {} not as git has {}; fluxd goes on trying:\n{}", failed,
                                 failed == 1 ? "resource is" : "resources are", failed == 1 ? "it" : "them",
                                 out_of_step_rows(*status));
    if (!fail_on_errors_) return {};
    return fail(ErrorKind::server, fmt::format("not all resources of {} could be applied", name),
                "`fluxctl status` shows when that has changed.");
  }

  bool fail_on_errors_ = false;
};

}  // namespace

std::unique_ptr<Command> sync_command() { return std::make_unique<SyncCommand>(); }

}  // namespace flux::cli
