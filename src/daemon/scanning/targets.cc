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

struct Use {
  ImageRef image;
  std::map<std::string, images::TagPattern> patterns;  // by their text
};

}  // namespace

std::vector<images::Target> scan_targets(const std::vector<cluster::LiveWorkload>& live, const sync::DesiredSet* git,
                                         const ScanScope& scope) {
  static const Policies kNone;
  std::map<std::string, Use> uses;
  for (const auto& workload : live) {
    const auto* in_git = git ? git->find(workload.id) : nullptr;
    for (const auto& container : running_containers(workload)) {
      auto image = container.image.canonical();
      image.tag.clear();
      const auto name = image.name();
      if (image.path.empty() || !is_scanned(name, scope)) continue;
      auto& use = uses[name];
      use.image = std::move(image);
      auto pattern = images::workload_pattern(in_git ? in_git->manifest->policies : kNone, container.name);
      use.patterns.insert_or_assign(pattern.to_string(), std::move(pattern));
    }
  }
  std::vector<images::Target> targets;
  targets.reserve(uses.size());
  for (auto& [name, use] : uses) {
    images::Target target{std::move(use.image)};
    target.interest = [patterns = std::move(use.patterns)](const std::string& tag) {
      auto interest = images::Interest::none;
      for (const auto& [text, pattern] : patterns)
        if (pattern.matches(tag)) interest = std::max(interest, interest_of(pattern));
      return interest;
    };
    targets.push_back(std::move(target));
  }
  return targets;
}

}  // namespace flux::daemon
