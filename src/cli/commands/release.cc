#include <fmt/format.h>

#include "cli/cause.h"
#include "cli/commands/commands.h"
#include "cli/menu/choose.h"
#include "cli/result_table.h"
#include "cli/rollout.h"
#include "cli/session.h"
#include "cli/update.h"
#include "cli/waiting.h"
#include "cli/workload.h"

namespace flux::cli {
namespace {

class ReleaseCommand : public Command {
 public:
  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{
        .name = "release",
        .summary = "Put another image into workloads",
        .examples =
            "  fluxctl release --workload=shop:deployment/web --update-image=ghcr.io/acme/web:1.6.0\n"
            "  fluxctl release --all --update-image=ghcr.io/acme/web:1.6.0 --dry-run\n"
            "  fluxctl release -n shop --workload=deployment/web --update-all-images",
    };
    return kText;
  }

  std::vector<Flag> flags() override {
    std::vector<Flag> table{
        {"all", &all_, "Release to all workloads in all namespaces"},
        {"controller", &controllers_, "", 'c', "changed to --workload, use that instead"},
        {"dry-run", &dry_run_, "Only show what would be done"},
        {"exclude", &excludes_, "Workloads to leave alone"},
        {"fail-on-errors", &fail_on_errors_, "Exit with 1 if a workload could not be changed, or --watch sees it fail"},
        {"force", &force_,
         "Include locked workloads, and ignore the tag patterns (not with --all or "
         "--update-all-images)",
         'f'},
        {"interactive", &interactive_, "Choose what to release from a menu of what could be"},
        {"namespace", &ns_, "Namespace of the workloads (default that of the kubeconfig's context)", 'n'},
        {"ok-if-unchanged", &unchanged_is_ok_, "Exit with 0, not 1, if there is nothing to change"},
        {"update-all-images", &all_images_, "Put the newest image that its tag pattern allows into each container"},
        {"update-image", &image_, "Put this image, with its tag, into the containers that use it", 'i'},
        {"watch", &watch_, "Show the progress of the rollout", 'w'},
        {"workload", &workloads_, "Workloads to release to, as <namespace>:<kind>/<name>"},
    };
    std::ranges::move(cause_.table(), std::back_inserter(table));
    std::ranges::move(result_.table(), std::back_inserter(table));
    return table;
  }

  void find_defaults(const Context& ctx, const Surroundings& surroundings,
                     const std::set<std::string, std::less<>>& given) override {
    if (!given.contains("user")) cause_.user = git_identity(ctx, surroundings);
  }

  Result<void> check(const Invocation& line) override {
    if (auto none = refuse_positionals(line); !none) return none;
    if (auto sound = check_choices(); !sound) return sound;
    if (auto format = result_.output.read(); !format) return Failure(format.error());
    // Any namespace will do to see whether these are ids.
    const auto spec = spec_in("default");
    return spec ? Result<void>{} : Failure(spec.error());
  }

  Outcome<void> run(const Context& ctx, Session& session) override {
    warn(session);
    const auto spec = spec_in(session.namespace_or(ns_));
    if (!spec) return pass(spec.error());
    return interactive_ ? release_chosen(ctx, session, *spec) : release(ctx, session, {cause_.cause(), *spec});
  }

 private:
  Outcome<void> release(const Context& ctx, Session& session, const UpdateSpec& spec) const {
    const bool chosen = std::holds_alternative<ReleaseContainersSpec>(spec.detail);
    const auto job = announce(ctx, session, chosen ? "selected " : dry_run_ ? "dry-run " : "", spec);
    if (!job) return tl::unexpected(job.error());
    const auto done =
        finish_update(ctx, session, *job, result_, {.apply = !dry_run_, .unchanged_is_ok = unchanged_is_ok_});
    if (!done) return tl::unexpected(done.error());
    bool rolled_out = true;
    if (watch_) {
      const auto watched =
          watch_rollout(ctx, session, ids_with_status(done->result, WorkloadStatus::success), result_.verbose.value);
      if (!watched) return tl::unexpected(watched.error());
      rolled_out = *watched;
    }
    if (!fail_on_errors_) return {};
    if (const auto failed = error_of(done->result); !failed.empty()) return fail(ErrorKind::server, failed);
    if (!rolled_out) return fail(ErrorKind::server, "the rollout failed", "The commit stays as it is.");
    return {};
  }

  Outcome<void> release_chosen(const Context& ctx, Session& session, ReleaseImageSpec spec) const {
    // A script should hear at once that there is nobody to ask.
    auto terminal = Terminal::open(session.surroundings().terminal);
    if (!terminal) return pass(terminal.error());
    spec.kind = kPlanRelease;
    const auto job = announce(ctx, session, "dry-run ", {cause_.cause(), spec});
    if (!job) return tl::unexpected(job.error());
    auto ended = wait_for_end_of_job(ctx, session, *job);
    if (!ended) return tl::unexpected(ended.error());
    const auto plan = result_of(*std::move(ended));
    if (!plan) return tl::unexpected(plan.error());
    const Menu menu(visible_rows(plan->result, result_.verbose.value));
    if (!menu.has_choices()) {
      session.err() << "No changes found.\n";
      return {};
    }
    auto chosen = choose(ctx, *terminal, menu);
    if (!chosen) return pass(chosen.error());
    if (!*chosen) {
      session.err() << "Aborted.\n";
      return {};
    }
    // As the daemon would answer.
    if ((*chosen)->empty()) return fail(ErrorKind::user, "no changes found", "Nothing was selected.");
    return release(
        ctx, session,
        {cause_.cause(), ReleaseContainersSpec{std::string(kExecuteRelease), **std::move(chosen), false, force_}});
  }

  static Outcome<std::string> announce(const Context& ctx, Session& session, std::string_view kind,
                                       const UpdateSpec& spec) {
    // Before the message: who reads it should be able to believe it.
    if (const auto daemon = session.daemon(ctx); !daemon) return tl::unexpected(daemon.error());
    session.err() << fmt::format("Submitting {}release ...\n", kind) << std::flush;
    return submit(ctx, session, spec);
  }

  /// In the order of compat/fluxctl.md 2.5.
  [[nodiscard]] Result<void> check_choices() const {
    const auto refuse = [](const char* message) { return fail(ErrorKind::user, message); };
    if (!image_.empty() && all_images_)
      return refuse("please supply only one of --update-image=<image> or --update-all-images");
    if (image_.empty() && !all_images_)
      return refuse("please supply exactly one of --update-image=<image> or --update-all-images");
    if (workloads_.empty() && controllers_.empty() && !all_)
      return refuse("please supply either --all, or at least one --workload=<workload>");
    if (watch_ && dry_run_) return refuse("cannot use --watch with --dry-run");
    if (result_.no_wait)
      for (const auto& [given, name] :
           {std::pair{watch_, "--watch"}, std::pair{dry_run_, "--dry-run"},
            std::pair{unchanged_is_ok_, "--ok-if-unchanged"}, std::pair{fail_on_errors_, "--fail-on-errors"}})
        if (given)
          return fail(ErrorKind::user, fmt::format("cannot use --no-wait with {}", name),
                      "What becomes of the release is known only to who waits for it.");
    if (force_ && all_ && all_images_)
      return refuse("--force has no effect when used with --all and --update-all-images");
    if (interactive_ && dry_run_)
      return fail(ErrorKind::user, "cannot use --interactive with --dry-run",
                  "What is confirmed in the menu is released. --dry-run alone shows what could be.");
    return {};
  }

  void warn(Session& session) const {
    if (force_ && all_)
      session.err() << "Warning: --force will not ignore locked workloads when used with --all\n";
    else if (force_ && all_images_)
      session.err() << "Warning: --force will not ignore container image tags when used with --update-all-images\n";
  }

  [[nodiscard]] Result<ReleaseImageSpec> spec_in(const std::string& ns) const {
    ReleaseImageSpec spec;
    spec.kind = dry_run_ ? kPlanRelease : kExecuteRelease;
    spec.force = force_;
    if (all_) spec.workloads.emplace_back(kAllWorkloads);
    if (!all_)
      for (const auto* list : {&workloads_, &controllers_})
        for (const auto& text : *list) {
          const auto id = parse_workload(text, ns);
          if (!id) return Failure(id.error());
          spec.workloads.push_back(id->to_string());
        }
    auto image = all_images_ ? Result<std::string>(kLatestImages) : parse_update_image(image_);
    if (!image) return Failure(image.error());
    spec.image = *std::move(image);
    for (const auto& text : excludes_) {
      auto id = parse_workload(text, ns);
      if (!id) return Failure(id.error());
      spec.excludes.push_back(*std::move(id));
    }
    return spec;
  }

  std::string ns_;
  std::vector<std::string> workloads_;
  std::vector<std::string> controllers_;
  std::vector<std::string> excludes_;
  std::string image_;
  bool all_ = false;
  bool all_images_ = false;
  bool dry_run_ = false;
  bool interactive_ = false;
  bool force_ = false;
  bool watch_ = false;
  bool unchanged_is_ok_ = false;
  bool fail_on_errors_ = false;
  CauseFlags cause_;
  ResultFlags result_;
};

}  // namespace

std::unique_ptr<Command> release_command() { return std::make_unique<ReleaseCommand>(); }

}  // namespace flux::cli
