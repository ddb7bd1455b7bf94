#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/published.h"
#include "cluster/discovery.h"
#include "daemon/desired.h"
#include "daemon/sync_report.h"
#include "git/repository.h"

namespace flux::daemon {

/// What git wants at any revision, for the API. What the loop has read is taken from it; only another revision is read
/// anew, so nothing of the loop's is waited for or changed. Any thread; reads take turns.
class RevisionReader {
 public:
  /// The parts, none owned.
  RevisionReader(std::vector<std::string> git_paths, std::string default_ns, MissingFeatures missing,
                 cluster::Discovery& discovery, const Published<SyncReport>& reports)
      : git_paths_(std::move(git_paths)),
        default_ns_(std::move(default_ns)),
        missing_(missing),
        discovery_(discovery),
        reports_(reports) {}

  /// Errors are those of DesiredState: of kind user for what the repository says. `keep`: until the loop has caught up,
  /// remember the outcome; for a revision that is asked for again and again.
  Result<DesiredView> read(const Bounded& ctx, const std::shared_ptr<const git::Repository>& repository,
                           const std::string& revision, bool keep);

 private:
  struct Kept {
    std::string revision;
    std::shared_ptr<const cluster::Catalog> catalog;
    Result<DesiredView> outcome;
  };
  Result<DesiredView> read_anew(const Bounded& ctx, const std::shared_ptr<const git::Repository>& repository,
                                const std::string& revision);

  const std::vector<std::string> git_paths_;
  const std::string default_ns_;
  const MissingFeatures missing_;
  cluster::Discovery& discovery_;
  const Published<SyncReport>& reports_;
  std::mutex mutex_;
  std::optional<Kept> kept_;
};

}  // namespace flux::daemon
