#include "daemon/source.h"

#include <algorithm>

#include "daemon/run_job.h"
#include "daemon/sync_pass.h"
#include "daemon/updates/automation.h"

namespace flux::daemon {
namespace {

bool adds_automation(const UpdateSpec& spec) {
  const auto* policies = std::get_if<PolicyUpdates>(&spec.detail);
  return policies &&
         std::ranges::any_of(*policies, [](const auto& one) { return one.second.add.contains("automated"); });
}

}  // namespace

Source::Source(SourceOptions options, const SourceGit& git, const Shared& shared, EventSink& events)
    : options_(std::move(options)),
      cluster_{options_.sync.set_name, shared.client, shared.discovery, shared.cache, shared.own_pod},
      all_triggers_(shared.triggers),
      metrics_(shared.metrics),
      events_(events),
      state_(shared.metrics),
      mirror_(git.make_mirror([this] {
        state_.arrivals.fetched();
        state_.triggers.refreshed();
      })),
      reader_(options_.sync.git_paths, options_.sync.default_namespace, options_.sync.missing, shared.discovery,
              state_.report) {
  all_triggers_.add(state_.triggers);
}

Source::~Source() { all_triggers_.remove(state_.triggers); }

Result<std::unique_ptr<Source>> Source::make(SourceOptions options, const SourceGit& git, const Shared& shared,
                                             EventSink& events) {
  std::unique_ptr<Source> source(new Source(std::move(options), git, shared, events));
  for (auto [marker, reader] :
       {std::pair(&source->marker_, git::Reader::sync), std::pair(&source->asked_marker_, git::Reader::query)}) {
    auto made = git.make_marker(*source->mirror_, reader);
    if (!made) return Failure(made.error());
    *marker = std::move(*made);
  }
  source->make_updaters();
  return source;
}

void Source::make_updaters() {
  for (auto [updater, marker] : {std::pair(&updater_, marker_.get()), std::pair(&asked_updater_, asked_marker_.get())})
    *updater = std::make_unique<Updater>(options_.update,
                                         UpdateParts{*mirror_, *marker, options_.sync.branch, reader_, cluster_});
}

void Source::use_images(const AskImages& images) {
  for (auto* updater : {updater_.get(), asked_updater_.get()}) updater->use_images(images);
  automates_ = images && !mirror_->read_only();
}

void Source::lead(const Context& ctx) {
  SyncPass pass(options_.sync, *mirror_, cluster_, *marker_, metrics_, state_.report, events_);
  const JobParts parts{*mirror_, *marker_, options_.sync.branch, options_.sync.git_timeout, updater_.get()};
  const auto run = [&](const Bounded& job_ctx, const std::string& id, const UpdateSpec& spec) {
    auto outcome = run_job(job_ctx, parts, id, spec);
    if (outcome.error) return outcome;
    if (outcome.result.spec && !outcome.result.revision.empty())
      events_.send(job_ctx, CommitEvent{outcome.result.revision,
                                        ids_with_status(outcome.result.result, WorkloadStatus::success)});
    if (adds_automation(spec)) state_.triggers.automation_due();
    return outcome;
  };
  const auto look = [&](const Bounded& run_ctx) { automate(run_ctx, *updater_, state_.jobs); };
  Loop loop(options_.sync, options_.loop, *mirror_, *marker_, pass, run, automates_ ? Loop::Automate(look) : nullptr,
            state_);
  state_.arrivals.began();
  // What was fetched before this term has been told already.
  if (mirror_->status().state == git::MirrorState::ready) state_.triggers.refreshed();
  loop.run(ctx);
  cluster_.cache.watch(cluster_.owner, {});
}

}  // namespace flux::daemon
