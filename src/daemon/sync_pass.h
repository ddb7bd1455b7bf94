#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/context.h"
#include "daemon/desired.h"
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

struct SyncOptions {
  std::string set_name;  ///< sync::sync_set_name()
  std::vector<std::string> git_paths;
  std::set<std::string> allowed_namespaces;
  std::string default_namespace;
  sync::CollectOptions collect;
  MissingFeatures missing;
  Duration sync_timeout = std::chrono::minutes(1);  ///< for changing the cluster
  Duration git_timeout = std::chrono::seconds(20);  ///< for each step in git
  Duration sync_interval = std::chrono::minutes(5);
};

/// Brings the cluster in step with a revision: the one page that shows how. Owns what is remembered from sync to sync.
/// One thread, the loop's.
class SyncPass {
 public:
  /// The parts, none owned.
  SyncPass(SyncOptions options, git::Mirror& mirror, sync::Cluster cluster, sync::Marker& marker,
           metrics::Metrics& metrics, SyncBoard& board);

  /// One sync. An error means that it was not completed: nothing was deleted and the marker did not move. Resources
  /// that were refused are no error; they are told of in the log and on the board, which gets a report in any case.
  /// `compare_all`: also try what rests, as the periodic sync does.
  Result<void> run(const Context& ctx, const std::string& revision, bool compare_all);

  /// When something that rests may be tried again.
  [[nodiscard]] std::optional<Clock::time_point> next_retry() const;

  /// What is remembered of our last applies. Any thread; a copy, made without waiting for a sync.
  [[nodiscard]] sync::AppliedSet applied() const;

 private:
  using Versions = std::map<ResourceId, std::string>;

  /// All that a plan depends on and that can change by itself.
  struct Knowledge {
    std::uint64_t desired = 0;
    std::uint64_t cluster = 0;
    std::shared_ptr<const cluster::Catalog> catalog;
    friend bool operator==(const Knowledge&, const Knowledge&) = default;
  };

  Result<void> sync(const Context& ctx, const std::string& revision);
  Result<void> compare(const Bounded& ctx);
  [[nodiscard]] sync::PlanFacts facts(const sync::Survey& survey) const;
  void remember(const Context& ctx, const sync::Plan& plan, sync::Outcome outcome);
  void tell(const Context& ctx, const sync::Plan& plan);
  void plan_collection_retry(const sync::Plan& plan);
  Result<void> finish(const Context& ctx, const std::string& revision);
  Result<std::string> read_marker(const Context& ctx);
  Result<std::vector<git::Commit>> commits_between(const Context& ctx, std::string marker, const std::string& revision);
  Versions versions_at(const Context& ctx, const std::string& revision);
  void report(std::optional<SyncEnd> end);
  void note_live(const std::string& revision);

  const SyncOptions options_;
  git::Mirror& mirror_;
  const sync::Cluster cluster_;
  sync::Marker& marker_;
  metrics::Metrics& metrics_;
  SyncBoard& board_;

  DesiredState desired_;
  std::shared_ptr<const cluster::Catalog> surveyed_;  // whose types have all been looked through
  sync::Pacing pacing_;
  mutable std::mutex applying_;  // held to change applied_, and to read it on other threads
  sync::AppliedSet applied_;
  std::map<ResourceId, sync::ResourceError> errors_;
  std::map<ResourceId, sync::SkipReason> skipped_;  // as last told
  std::string refused_;                             // as last told
  Duration collect_pause_{};                        // before the next try to collect with complete knowledge
  std::optional<Clock::time_point> collect_retry_;
  std::optional<Knowledge> in_step_;            // with which a plan last found nothing to do, to keep, or to try again
  Versions synced_;                             // at synced_revision_
  std::uint64_t synced_generation_ = 0;         // of what it was made from
  std::optional<std::string> synced_revision_;  // empty optional: no sync completed yet
  std::string live_revision_;                   // that the cluster was brought in step with last
  std::optional<Timestamp> live_since_;         // when it first was
  bool told_of_foreign_marker_ = false;
};

}  // namespace flux::daemon
