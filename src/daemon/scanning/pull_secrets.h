#pragma once

#include "base/context.h"
#include "cluster/client.h"
#include "daemon/scanning/complaints.h"
#include "daemon/scanning/credential_choice.h"

namespace flux::daemon {

/// Reads the pull secrets of running images from the cluster. One thread.
class PullSecretReader {
 public:
  /// Neither is owned.
  PullSecretReader(cluster::Client& client, Complaints& complaints) : client_(client), complaints_(complaints) {}

  /// Each service account and each secret once, many at once. What is not there or forbidden counts as empty, with a
  /// complaint; what cannot be read otherwise stays as it was read last.
  PullSecrets read(const Bounded& ctx, const ImageUsers& users);

 private:
  void read_accounts(const Bounded& ctx, const ImageUsers& users, PullSecrets& to);
  void read_secrets(const Bounded& ctx, const ImageUsers& users, PullSecrets& to);

  cluster::Client& client_;
  Complaints& complaints_;
  PullSecrets last_;
};

}  // namespace flux::daemon
