#include "daemon/scanning/targets.h"

#include <algorithm>
#include <map>
#include <utility>

#include "daemon/listing/images.h"
#include "images/workload_pattern.h"
#include "model/glob.h"

namespace flux::daemon {
namespace {

bool is_scanned(const std::string& name, const ScanScope& scope) {
  const auto matches = [&](const std::string& glob) { return glob_match(glob, name); };
  return std::ranges::none_of(scope.exclude, matches) &&
         (scope.include.empty() || std::ranges::any_of(scope.include, matches));
}

/// In the tags that it lets through. What chooses among all tags waits for all, so none goes before the others.
images::Interest interest_of(const images::TagPattern& pattern) {
  const bool all = pattern.to_string() == images::TagPattern().to_string();
  return pattern.needs_created() && !all ? images::Interest::awaited : images::Interest::wanted;
}

/// A container that runs an image.
struct User {
  ResourceId workload;
  std::string container;
};

struct Use {
  ImageRef image;
  std::vector<User> users;
};

images::TagInterest interest_of(const std::vector<User>& users, const sync::DesiredSet* git) {
  static const Policies kNone;
  std::map<std::string, images::TagPattern> patterns;  // by their text
  for (const auto& user : users) {
    const auto* in_git = git ? git->find(user.workload) : nullptr;
    auto pattern = images::workload_pattern(in_git ? in_git->manifest->policies : kNone, user.container);
    patterns.insert_or_assign(pattern.to_string(), std::move(pattern));
  }
  return [patterns = std::move(patterns)](const std::string& tag) {
    auto interest = images::Interest::none;
    for (const auto& [text, pattern] : patterns)
      if (pattern.matches(tag)) interest = std::max(interest, interest_of(pattern));
    return interest;
  };
}

}  // namespace

std::vector<images::Target> scan_targets(const std::vector<cluster::LiveWorkload>& live, GitNow git,
                                         const ScanScope& scope) {
  std::map<std::string, Use> uses;
  for (const auto& workload : live) {
    for (const auto& container : running_containers(workload)) {
      auto image = container.image.canonical();
      image.tag.clear();
      const auto name = image.name();
      if (image.path.empty() || !is_scanned(name, scope)) continue;
      auto& use = uses[name];
      use.image = std::move(image);
      use.users.push_back({workload.id, container.name});
    }
  }
  std::vector<images::Target> targets;
  targets.reserve(uses.size());
  for (auto& [name, use] : uses) {
    images::Target target{std::move(use.image)};
    target.interest = [users = std::move(use.users), git] { return interest_of(users, git ? git().get() : nullptr); };
    targets.push_back(std::move(target));
  }
  return targets;
}

}  // namespace flux::daemon
