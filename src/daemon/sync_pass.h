#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/published.h"
#include "daemon/desired.h"
#include "daemon/events.h"
#include "daemon/invalid_filters.h"
#include "daemon/schedule.h"
#include "daemon/sync_options.h"
#include "daemon/sync_report.h"
#include "git/log.h"
#include "git/mirror.h"
#include "metrics/metrics.h"
#include "sync/execute.h"
#include "sync/marker.h"
#include "sync/pacing.h"
#include "sync/plan.h"
#include "sync/survey.h"

namespace flux::daemon {

/// Brings the cluster in step with a revision: the one page that shows how. Owns what is remembered from sync to sync.
/// One thread, the loop's.
class SyncPass {
 public:
  /// The parts, none owned.
  SyncPass(SyncOptions options, git::Mirror& mirror, sync::Cluster cluster, sync::Marker& marker,
           metrics::Metrics& metrics, Published<SyncReport>& reports, EventSink& events);

  /// One sync. An error means that it was not completed: nothing was deleted and the marker did not move. Resources
  /// that were refused are no error; they are told of in the log and in the report, which is published in any case.
  /// Looks at what may have changed since the last one; `compare_all`: at everything, also at what rests.
  /// `away`: why it does not count as good even when it completes, such as git that cannot be fetched.
  Result<void> run(const Context& ctx, const std::string& revision, bool compare_all,
                   const std::optional<Error>& away = std::nullopt);

  /// Nothing that was done to the cluster counts any more: the next run applies everything once, as after a start.
  void forget_cluster();

  /// What the last run leaves to be done, for the schedule: resources that rest, deletions that wait.
  [[nodiscard]] SyncFacts facts() const;

 private:
  Result<void> sync(const Context& ctx, const std::string& revision);
  Result<void> compare(const Bounded& ctx);
  Result<sync::LiveSet> look_at_cluster(const Bounded& ctx);
  void remember(const Bounded& ctx, const sync::Plan& plan, const std::set<ResourceId>* only, sync::Outcome outcome);
  void tell(const Context& ctx, const sync::Plan& plan, const std::set<ResourceId>* only);
  void refuse(const Context& ctx, const sync::Invalid& invalid, Clock::time_point now);
  void remember_ended(const Bounded& ctx);
  void note_ended(const Bounded& ctx, const sync::LiveSet& live);
  [[nodiscard]] bool may_delete(const Bounded& ctx, const sync::Plan& plan);
  void note_fight(const Bounded& ctx, const ResourceId& id, Duration pause);
  Result<void> finish(const Context& ctx, const std::string& revision);
  Result<std::string> read_marker(const Context& ctx);
  Result<std::vector<git::Commit>> commits_between(const Context& ctx, std::string marker, const std::string& revision);
  sync::DesiredSet resources_at(const Context& ctx, const std::string& revision);
  void report(std::optional<SyncEnd> end);
  void note_live(const std::string& revision);

  const SyncOptions options_;
  git::Mirror& mirror_;
  const sync::Cluster cluster_;
  sync::Marker& marker_;
  metrics::Metrics& metrics_;
  Published<SyncReport>& reports_;
  EventSink& events_;

  DesiredState desired_;
  std::shared_ptr<const cluster::Catalog> surveyed_;  // whose types have all been looked through
  std::set<ApiType> watched_;                         // the types that git uses, as the cache was told last

  // What to look at: what differs from the facts of the last plan that was carried out, and what was put off then.
  bool look_at_all_ = true;
  std::set<ResourceId> look_at_;
  sync::DesiredSet planned_desired_;
  sync::LiveSet planned_live_;

  std::string newcomers_of_;        // the revision that they came with
  std::set<ResourceId> newcomers_;  // as PlanFacts::newcomers
  bool looked_for_ended_ = false;   // for what removed itself before this process

  sync::Pacing pacing_;
  sync::AppliedSet applied_;
  std::map<ResourceId, sync::ResourceError> errors_;
  std::map<ResourceId, sync::SkipReason> skipped_;  // as last told
  std::map<ResourceId, std::string> fought_;        // what to say of those that others keep changing back
  std::string refused_;                             // as last told
  InvalidFilters invalid_filters_;
  bool deletions_wait_ = false;  // for complete knowledge

  std::optional<std::string> synced_revision_;  // empty optional: no sync completed yet
  sync::DesiredSet synced_;                     // at synced_revision_
  std::string told_revision_;                   // whose event was sent
  std::vector<ResourceId> replaced_;            // since then
  std::string live_revision_;                   // that the cluster was brought in step with last
  std::optional<Timestamp> live_since_;         // when it first was
  bool told_of_foreign_marker_ = false;
  std::string lost_marker_;  ///< told of: a revision that cannot be read
};

}  // namespace flux::daemon
