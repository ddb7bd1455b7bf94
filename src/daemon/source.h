#pragma once

#include <functional>
#include <memory>

#include "base/context.h"
#include "daemon/events.h"
#include "daemon/loop.h"
#include "daemon/source_state.h"
#include "daemon/sync_options.h"
#include "daemon/updates/updater.h"
#include "git/mirror.h"
#include "sync/execute.h"
#include "sync/marker.h"

namespace flux::daemon {

/// What all sources of one daemon share. No part is owned.
struct Shared {
  cluster::Client& client;
  cluster::Discovery& discovery;
  cluster::WatchCache& cache;
  AllTriggers& triggers;  ///< pulled by the cache
  metrics::Metrics& metrics;
  sync::OwnPod own_pod{};
};

struct SourceOptions {
  SyncOptions sync;
  LoopOptions loop;
  UpdateOptions update{};
};

/// The git side of a source, made for it alone.
struct SourceGit {
  /// `on_refreshed` as in git::MirrorConfig.
  std::function<std::unique_ptr<git::Mirror>(std::function<void()> on_refreshed)> make_mirror;
  std::function<Result<std::unique_ptr<sync::Marker>>(git::Mirror& mirror, git::Reader reader)> make_marker;
};

/// One repository and everything that exists once for it: mirror, marker, sync pass, loop, jobs, heartbeat. A daemon
/// may have several; each takes care of the objects that bear its own mark, and of no others.
///
/// lead() is for one thread, everything else for any.
class Source {
 public:
  /// Errors are those of make_marker.
  static Result<std::unique_ptr<Source>> make(SourceOptions options, const SourceGit& git, const Shared& shared,
                                              EventSink& events);
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source();

  /// Keeps the cluster in step and runs jobs until the context is stopped: one term. There can be another after it,
  /// which knows nothing of what happened meanwhile and therefore starts like a new process. Between terms the API is
  /// answered from what is known, and nothing is changed.
  void lead(const Context& ctx);

  [[nodiscard]] SourceState& state() { return state_; }
  [[nodiscard]] git::Mirror& mirror() { return *mirror_; }
  /// The loop's, and one of their own for those who ask the API, so that they never keep the loop waiting.
  [[nodiscard]] sync::Marker& marker() { return *marker_; }
  [[nodiscard]] sync::Marker& asked_marker() { return *asked_marker_; }
  [[nodiscard]] const sync::Cluster& cluster() const { return cluster_; }
  /// For those who ask the API what an update would do.
  [[nodiscard]] Updater& asked_updater() { return *asked_updater_; }
  /// Before the first term; without, nothing is automated.
  void use_images(const AskImages& images);

 private:
  Source(SourceOptions options, const SourceGit& git, const Shared& shared, EventSink& events);
  void make_updaters();

  const SourceOptions options_;
  const sync::Cluster cluster_;
  AllTriggers& all_triggers_;
  metrics::Metrics& metrics_;
  EventSink& events_;
  SourceState state_;  // before the mirror, which pulls its triggers
  std::unique_ptr<git::Mirror> mirror_;
  std::unique_ptr<sync::Marker> marker_;
  std::unique_ptr<sync::Marker> asked_marker_;
  RevisionReader reader_;
  std::unique_ptr<Updater> updater_;
  std::unique_ptr<Updater> asked_updater_;
  bool automates_ = false;
};

}  // namespace flux::daemon
