#include "daemon/events.h"

#include <algorithm>

namespace flux::daemon {
namespace {

constexpr std::size_t kShortRevision = 7;

std::string short_revision(const git::Commit& commit) { return commit.revision.substr(0, kShortRevision); }

std::string revisions(const std::vector<git::Commit>& commits) {
  if (commits.empty()) return "<no revision>";
  if (commits.size() <= 2) return short_revision(commits.front());
  return short_revision(commits.back()) + ".." + short_revision(commits.front());
}

std::string names(std::vector<ResourceId> ids) {
  std::ranges::sort(ids);
  std::string names;
  for (const auto& id : ids) names += (names.empty() ? "" : ", ") + id.to_string();
  return names;
}

std::string text(const SyncEvent& event) {
  auto text = "Sync: " + revisions(event.commits) + ", " +
              (event.changed.empty() ? "no workloads changed" : names(event.changed));
  if (!event.replaced.empty()) text += "; deleted and created again: " + names(event.replaced);
  return text;
}

std::string text(const CommitEvent& event) {
  return "Commit: " + event.revision.substr(0, kShortRevision) + ", " +
         (event.updated.empty() ? "<no changes>" : names(event.updated));
}

}  // namespace

std::string to_string(const Event& event) {
  return std::visit([](const auto& one) { return text(one); }, event);
}

void EventLog::send(const Context& ctx, const Event& event) {
  ctx.log({{"event", to_string(event)}, {"logupstream", false}});
}

}  // namespace flux::daemon
