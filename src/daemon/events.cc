#include "daemon/events.h"

#include <algorithm>

namespace flux::daemon {
namespace {

std::string short_revision(const git::Commit& commit) { return commit.revision.substr(0, 7); }

std::string revisions(const std::vector<git::Commit>& commits) {
  if (commits.empty()) return "<no revision>";
  if (commits.size() <= 2) return short_revision(commits.front());
  return short_revision(commits.back()) + ".." + short_revision(commits.front());
}

std::string text(SyncEvent event) {
  std::ranges::sort(event.changed);
  std::string ids;
  for (const auto& id : event.changed) ids += (ids.empty() ? "" : ", ") + id.to_string();
  return "Sync: " + revisions(event.commits) + ", " + (ids.empty() ? "no workloads changed" : ids);
}

}  // namespace

std::string to_string(const Event& event) {
  return std::visit([](const auto& one) { return text(one); }, event);
}

void EventLog::send(const Context& ctx, const Event& event) {
  ctx.log({{"event", to_string(event)}, {"logupstream", false}});
}

}  // namespace flux::daemon
