#include "daemon/scanning/scan_credentials.h"

#include <utility>

namespace flux::daemon {

ScanCredentials::ScanCredentials(const Options::Registry&, cluster::Client& client, Log log)
    : complaints_(log), pull_secrets_(client, complaints_) {}

void ScanCredentials::fill(const Bounded& ctx, const std::vector<cluster::LiveWorkload>& live,
                           std::vector<images::Target>& targets) {
  complaints_.begin_round();
  const auto users = users_of(live, targets);
  choose_pull_secrets(targets, users, pull_secrets_.read(ctx, users));
}

}  // namespace flux::daemon
