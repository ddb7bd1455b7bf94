#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "cluster/client.h"
#include "cluster/workload.h"
#include "daemon/options.h"
#include "daemon/scanning/complaints.h"
#include "daemon/scanning/pull_secrets.h"
#include "images/credentials/azure.h"
#include "images/credentials/ecr.h"
#include "images/credentials/google.h"
#include "images/scanner/scan.h"

namespace flux::daemon {

/// Gives what is scanned its credentials, from everywhere where there are some (compat/daemon.md 6.2):
/// --docker-config, then Amazon for ECR, then the pull secrets of service accounts, then those of pods; Google and
/// Azure for their registries where there is nothing else. What goes wrong is logged when it is new, never with a
/// password, and the images concerned are scanned as anybody. One thread; `client` is not owned.
class ScanCredentials {
 public:
  ScanCredentials(const Options::Registry& options, cluster::Client& client, images::SendRequest send,
                  const images::Environment& env, Log log);

  /// Before the first collection: a --docker-config that cannot be read is not used from then on. A user error when
  /// --registry-require=ecr and Amazon cannot be used.
  Result<void> preflight(const Bounded& ctx);
  /// At each collection. Images of ECR that are out of the scope of the flags are taken out. With
  /// --registry-trace it is logged when an image gets other ones, without passwords.
  void fill(const Bounded& ctx, const std::vector<cluster::LiveWorkload>& live, std::vector<images::Target>& targets);

 private:
  const Log log_;
  Complaints complaints_;
  PullSecretReader pull_secrets_;
  std::string docker_config_;  // empty: none
  const bool traces_;
  const bool needs_ecr_;
  images::Ecr ecr_;
  images::Google google_;
  images::Azure azure_;
};

}  // namespace flux::daemon
