#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "cluster/client.h"
#include "cluster/workload.h"
#include "daemon/options.h"
#include "daemon/scanning/complaints.h"
#include "daemon/scanning/pull_secrets.h"
#include "images/scanner/scan.h"

namespace flux::daemon {

/// Gives what is scanned its credentials, from everywhere where there are some (compat/daemon.md 6.2):
/// --docker-config, then the pull secrets of service accounts, then those of pods. What goes wrong is logged when it is
/// new, never with a password, and the images concerned are scanned as anybody. One thread; `client` is not owned.
class ScanCredentials {
 public:
  ScanCredentials(const Options::Registry& options, cluster::Client& client, Log log);

  /// Before the first collection: a --docker-config that cannot be read is not used from then on.
  void preflight();
  /// At each collection.
  void fill(const Bounded& ctx, const std::vector<cluster::LiveWorkload>& live, std::vector<images::Target>& targets);

 private:
  const Log log_;
  Complaints complaints_;
  PullSecretReader pull_secrets_;
  std::string docker_config_;  // empty: none
};

}  // namespace flux::daemon
