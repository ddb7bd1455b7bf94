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

}  // namespace

std::string sync_event(const std::vector<git::Commit>& commits, std::vector<ResourceId> changed) {
  std::ranges::sort(changed);
  std::string ids;
  for (const auto& id : changed) ids += (ids.empty() ? "" : ", ") + id.to_string();
  return "Sync: " + revisions(commits) + ", " + (ids.empty() ? "no workloads changed" : ids);
}

}  // namespace flux::daemon
