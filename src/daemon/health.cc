#include "daemon/health.h"

#include <fmt/format.h>

#include <algorithm>

namespace flux::daemon {
namespace {

constexpr Duration kShortestLimit = std::chrono::minutes(5);
constexpr Duration kLongestInterval = std::chrono::hours(24 * 365);  // three of it are still a number
constexpr int kIntervals = 3;

std::string shown(Duration duration) { return format_duration(std::chrono::floor<std::chrono::seconds>(duration)); }

Result<void> failed(std::string what, const std::optional<Error>& why) {
  Error error{ErrorKind::server, std::move(what), "`fluxctl status` tells more; so does the log."};
  if (why) {
    error.message += ": " + why->message;
    if (!why->help.empty()) error.help = why->help;
  }
  return Failure(std::move(error));
}

std::optional<Error> error_of(const std::optional<Arrivals::Trouble>& trouble) {
  return trouble ? std::optional(trouble->error) : std::nullopt;
}

}  // namespace

Duration arrival_limit(Duration poll_interval, Duration sync_interval) {
  return std::max(kShortestLimit, kIntervals * std::min(std::max(poll_interval, sync_interval), kLongestInterval));
}

Result<void> liveness(const HealthFacts& facts) {
  if (!facts.loop_late) return {};
  return fail(ErrorKind::server, "the sync loop has not finished in time",
              "The log says what it is doing; a restart is safe.");
}

Result<void> health(const HealthFacts& facts) {
  if (auto alive = liveness(facts); !alive) return alive;
  if (facts.mirror.state == git::MirrorState::unconfigured) return {};
  const auto& arrivals = facts.arrivals;
  const auto too_long_ago = [&](const std::optional<Clock::time_point>& when) {
    return facts.now - when.value_or(arrivals.started) > facts.limit;
  };
  const auto age = [&](const std::optional<Clock::time_point>& when) {
    return shown(facts.now - when.value_or(arrivals.started));
  };
  if (too_long_ago(arrivals.fetched))
    return failed("the git repository has not been fetched for " + age(arrivals.fetched), facts.mirror.error);
  if (!facts.leader.empty()) return {};
  if (arrivals.branch && facts.now - arrivals.branch->since > facts.limit)
    return failed("the head of the branch has not been found for " + age(arrivals.branch->since),
                  arrivals.branch->error);
  if (!too_long_ago(arrivals.synced)) return {};
  auto why = error_of(arrivals.sync);
  for (const auto& other : {error_of(arrivals.branch), facts.mirror.error})
    if (!why) why = other;
  // A sync that hangs because the cluster does has no error yet.
  if (!why) why = cluster_away(facts.cluster, facts.now);
  return failed("no sync has completed for " + age(arrivals.synced), why);
}

Result<void> readiness(const HealthFacts& facts) {
  if (!facts.mirror.healthy()) {
    auto error = facts.mirror.not_ready();
    error.kind = ErrorKind::server;
    if (error.help.empty()) error.help = "GET /api/flux/v9/git-repo-config tells more.";
    return Failure(std::move(error));
  }
  if (auto away = cluster_away(facts.cluster, facts.now)) return Failure(std::move(*away));
  if (!facts.leader.empty()) return {};
  if (facts.arrivals.branch) return failed("the head of the branch cannot be found", facts.arrivals.branch->error);
  // What is ours to mend in git, such as a file that cannot be read, is no reason to send nobody here.
  if (const auto& sync = facts.arrivals.sync; sync && sync->error.kind != ErrorKind::user)
    return failed("the last sync was not completed", sync->error);
  return {};
}

}  // namespace flux::daemon
