#include "daemon/source.h"

#include "daemon/run_job.h"
#include "daemon/sync_pass.h"

namespace flux::daemon {

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
      })) {
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
  return source;
}

void Source::lead(const Context& ctx) {
  SyncPass pass(options_.sync, *mirror_, cluster_, *marker_, metrics_, state_.report, events_);
  const JobParts parts{*mirror_, *marker_, options_.sync.branch, options_.sync.git_timeout};
  Loop loop(
      options_.sync, options_.loop, *mirror_, *marker_, pass,
      [&](const Bounded& job_ctx, const std::string&, const UpdateSpec& spec) { return run_job(job_ctx, parts, spec); },
      state_);
  state_.arrivals.began();
  // What was fetched before this term has been told already.
  if (mirror_->status().state == git::MirrorState::ready) state_.triggers.refreshed();
  loop.run(ctx);
  cluster_.cache.watch(cluster_.owner, {});
}

}  // namespace flux::daemon
