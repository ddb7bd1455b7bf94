#include "daemon/updates/automation.h"

#include <fmt/format.h>

#include <utility>

namespace flux::daemon {
namespace {

std::string_view action_for(images::Outcome outcome) {
  switch (outcome) {
    case images::Outcome::missing_metadata:
      return "inconsistent repository metadata: not everything is known of the tags that pass the filter";
    case images::Outcome::unknown_time:
      return "image with zero created timestamp";
    case images::Outcome::invalid_filter:
      return "invalid filter: it matches nothing";
    case images::Outcome::lower:
      return "the newest image that passes the filter is older than what runs";
    default:
      return {};
  }
}

/// Only what somebody should look at; `fluxctl explain` tells of the rest.
void tell(const Bounded& ctx, const update::HeldBack& held) {
  const auto warning = action_for(held.choice.outcome);
  if (warning.empty()) return;
  ctx.log({{"warning", std::string(warning)},
           {"workload", held.workload.to_string()},
           {"container", held.container},
           {"tags", fmt::format("{}", fmt::join(held.choice.open, ","))},
           {"action", "skip container"}});
}

}  // namespace

void automate(const Bounded& ctx, Updater& updater, Jobs& jobs) {
  ctx.log({{"msg", "polling for new images for automated workloads"}});
  auto found = updater.find_updates(ctx);
  if (!found) return ctx.log({{"err", found.error()}, {"doing", "looking for new images for automated workloads"}});
  if (found->workloads == 0) return ctx.log({{"msg", "no automated workloads"}});
  for (const auto& held : found->held_back) tell(ctx, held);
  if (found->spec.changes.empty()) return;
  for (const auto& change : found->spec.changes)
    ctx.log({{"info", "added update to automation run"},
             {"workload", change.workload.to_string()},
             {"container", change.container},
             {"new", change.target.to_string()},
             {"reason", fmt::format("latest {} instead of current {}", change.target.tag, change.current.tag)}});
  if (auto id = jobs.enqueue({{}, std::move(found->spec)}); !id)
    ctx.log({{"err", id.error()}, {"doing", "queueing an automated release"}});
}

}  // namespace flux::daemon
