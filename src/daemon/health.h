#pragma once

#include <optional>
#include <string>

#include "base/duration.h"
#include "base/result.h"
#include "daemon/arrivals.h"
#include "daemon/cluster_contact.h"
#include "git/mirror.h"

namespace flux::daemon {

/// What the answers to probes follow from, at one moment.
struct HealthFacts {
  Clock::time_point now;
  Duration limit{};        ///< how long commits may not arrive before that is a failure: arrival_limit()
  bool loop_late = false;  ///< one turn of the loop takes longer than it may
  git::MirrorStatus mirror;
  Arrivals arrivals;
  Contact cluster;
  std::string leader{};  ///< who changes the cluster in our place; empty: we do
};

/// How long commits may not arrive when the flags say nothing else: three of the longer interval, 5 minutes at least.
[[nodiscard]] Duration arrival_limit(Duration poll_interval, Duration sync_interval);

/// `/livez`: what a restart may mend, which is a loop that does not turn any more. Whether git or the cluster are there
/// does not matter: a restart would not bring them back, and would cost the copy of the repository.
[[nodiscard]] Result<void> liveness(const HealthFacts& facts);

/// `/healthz`: the same, and whether commits arrive. Fails once for longer than the limit git has not been fetched, the
/// branch has not been found, or no sync has completed with git and the cluster there, whoever is to blame: that git is
/// away, that the cluster is, that a file in git cannot be read. Without a repository to follow none is to arrive.
/// Who waits for another fluxd that leads only has to be able to take its place: to fetch.
/// A commit that is kept back because it is not signed arrives as meant: the signed ones before it are held.
[[nodiscard]] Result<void> health(const HealthFacts& facts);

/// `/readyz`: whether git, the branch and the cluster are there at this moment. A file that cannot be read or a
/// resource that is refused does not matter.
[[nodiscard]] Result<void> readiness(const HealthFacts& facts);

}  // namespace flux::daemon
