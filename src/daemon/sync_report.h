#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/duration.h"
#include "base/timestamp.h"
#include "daemon/desired.h"
#include "sync/execute.h"

namespace flux::daemon {

/// How one sync ended.
struct SyncEnd {
  Timestamp at;
  Duration took{};
  std::string revision;        ///< that was tried
  std::optional<Error> error;  ///< why it does not count as good; nothing: it does
};

/// What is known after a sync, for those who ask on other threads.
struct SyncReport {
  DesiredView desired;                               ///< read last, whether or not the sync got further
  sync::AppliedSet applied;                          ///< what is remembered of our last applies
  std::map<ResourceId, sync::ResourceError> errors;  ///< of the latest completed sync
  std::map<ResourceId, std::string> contested;       ///< what others keep changing back, with what to say of it
  std::string deletions_refused;        ///< why nothing is deleted although something should be; empty: nothing should
  std::string live_revision;            ///< that the cluster was brought in step with last; empty: none yet
  std::optional<Timestamp> live_since;  ///< when it first was
  std::optional<SyncEnd> last;          ///< nothing before the first has ended
};

}  // namespace flux::daemon
