#pragma once

#include <optional>
#include <string>

#include "base/duration.h"
#include "cluster/lease.h"

namespace flux::daemon {

/// Decides who of several daemons for one sync set changes the cluster, by a Lease: what was read in, what to do out.
/// Pure: the time is given. One thread.
///
/// - Free, or ours from before a restart of the same pod: taken at once. Given up at the end.
/// - Somebody else's: waited for, until nobody has renewed it for as long as it lasts. By our own clock from when we
/// saw
///   it change, so that clocks need not agree.
/// - Ours: renewed once a minute. Who cannot renew it stops leading half a minute before others may take it.
class Candidacy {
 public:
  static constexpr Duration kLasts = std::chrono::minutes(3);
  static constexpr Duration kRenewal = std::chrono::minutes(1);
  static constexpr Duration kLook = std::chrono::seconds(5);  ///< while waiting, and after a failure
  static constexpr Duration kMargin = std::chrono::seconds(30);

  explicit Candidacy(std::string me) : me_(std::move(me)) {}

  /// What has to be written for what was read; nothing: wait.
  [[nodiscard]] std::optional<cluster::Lease> see(const std::optional<cluster::Lease>& lease, Clock::time_point now);
  /// That was written, as the server answered.
  void wrote(cluster::Lease lease, Clock::time_point now);
  /// What is ours can be written without being read. Nothing: it is not.
  [[nodiscard]] std::optional<cluster::Lease> to_renew() const;
  /// Reading or writing failed; `lost`: somebody else has written it.
  void failed(bool lost);

  [[nodiscard]] bool leads(Clock::time_point now) const { return until_ && now < *until_; }
  /// When to do the next thing.
  [[nodiscard]] Clock::time_point next(Clock::time_point now) const;
  /// Who leads in our place; empty: we, or nobody knows.
  [[nodiscard]] const std::string& other() const { return other_; }

 private:
  const std::string me_;
  std::string other_;
  std::string seen_version_;
  Clock::time_point seen_at_{};  // when that version was seen first
  std::optional<cluster::Lease> ours_;
  Clock::time_point wrote_at_{};
  std::optional<Clock::time_point> until_;  // we lead
};

/// The name of the Lease of a sync set: `fluxd-` and what is left of its name in lower case.
[[nodiscard]] std::string lease_name(const std::string& set_name);

}  // namespace flux::daemon
