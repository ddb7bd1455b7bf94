#include "cli/rollout.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/table.h"

namespace flux::cli {
namespace {

constexpr Duration kPause = std::chrono::seconds(2);

std::string replicas(const api::RolloutStatus& rollout, bool details) {
  auto text = fmt::format("{}/{}", rollout.updated, rollout.desired);
  if (details) text += fmt::format(" ({} outdated, {} ready)", rollout.outdated, rollout.ready);
  return text;
}

bool is_done(const api::ControllerStatus& workload) {
  return workload.status == "ready" || (workload.id.kind() == "helmrelease" && workload.status == "deployed");
}

/// Prints one round; what the workloads look like is returned, to tell whether anything moves.
std::string show(Session& session, const std::vector<api::ControllerStatus>& workloads, std::int64_t verbosity) {
  std::string shown;
  for (const auto& workload : workloads) shown += rollout_table(workload, verbosity) + "\n";
  session.out() << shown << std::flush;
  return shown;
}

bool report_problems(Session& session, const std::vector<api::ControllerStatus>& workloads) {
  for (const auto& workload : workloads) {
    if (workload.rollout.messages.empty()) continue;
    session.err() << fmt::format("There was a problem releasing {}:\n", workload.id.to_string());
    for (const auto& message : workload.rollout.messages) session.err() << message << '\n';
    return true;
  }
  return false;
}

}  // namespace

std::string rollout_table(const api::ControllerStatus& workload, std::int64_t verbosity) {
  std::vector<std::vector<std::string>> rows{{"WORKLOAD", "CONTAINER", "IMAGE", "RELEASE", "REPLICAS"}};
  const auto count = replicas(workload.rollout, verbosity > 0);
  if (workload.containers.empty()) rows.push_back({workload.id.to_string(), "", "", workload.status, count});
  for (const auto& container : workload.containers) {
    const bool first = rows.size() == 1;
    rows.push_back({first ? workload.id.to_string() : "", container.name, container.current.id.to_string(),
                    first ? workload.status : "", first ? count : ""});
  }
  return align(rows);
}

Outcome<bool> watch_rollout(const Context& ctx, Session& session, const std::vector<ResourceId>& ids,
                            std::int64_t verbosity) {
  // Asked for none the daemon would list all.
  if (ids.empty()) return true;
  session.err() << "Monitoring rollout ...\n";
  const auto daemon = session.daemon(ctx);
  if (!daemon) return tl::unexpected(daemon.error());
  const auto& surroundings = session.surroundings();
  auto moved = surroundings.now();
  for (std::string before;;) {
    const auto workloads = (*daemon)->list_services(ctx, {"", ids});
    if (!workloads) return pass(workloads.error());
    auto shown = show(session, *workloads, verbosity);
    if (report_problems(session, *workloads)) return false;
    if (std::ranges::all_of(*workloads, is_done)) {
      session.err() << "All workloads ready.\n";
      return true;
    }
    if (std::exchange(before, std::move(shown)) != before) moved = surroundings.now();
    if (surroundings.now() - moved > session.timeout())
      return fail(ErrorKind::cancelled, "timeout",
                  fmt::format("The rollout has made no progress for {}. For the reason see the events and logs of its "
                              "pods; use --timeout to watch longer.",
                              format_duration(session.timeout())));
    if (!surroundings.wait(ctx, kPause)) return fail(ErrorKind::cancelled, "interrupted");
  }
}

}  // namespace flux::cli
