#include "daemon/updates/facts.h"

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "images/label_times.h"
#include "manifests/workloads/containers.h"
#include "manifests/workloads/kinds.h"

namespace flux::daemon {
namespace {

update::RunningWorkload running_workload(const cluster::LiveWorkload& live) {
  update::RunningWorkload out;
  out.ignored = ignore_of(policies_of(live.annotations)) == Ignore::yes;
  for (auto& container : running_containers(live))
    out.containers.push_back({std::move(container.name), container.image.to_string(), std::move(container.image)});
  if (out.containers.empty() && !live.containers.empty())
    out.why_no_containers = "an image of this workload does not parse, so none is updated";
  return out;
}

/// Remembers what was asked for, because a repository is used by many containers.
class AskedOnce {
 public:
  AskedOnce(KnownImages known, std::vector<std::string> use_labels)
      : known_(std::move(known)), use_labels_(std::move(use_labels)) {}

  const images::Repository* find(const ImageRef& image) {
    const auto name = image.canonical().name();
    const auto [at, is_new] = found_.try_emplace(name);
    if (is_new && known_) {
      at->second = known_(name);
      if (at->second) images::take_times_from_labels(*at->second, name, use_labels_);
    }
    return at->second ? &*at->second : nullptr;
  }

 private:
  const KnownImages known_;
  const std::vector<std::string> use_labels_;
  std::map<std::string, std::optional<images::Repository>> found_;  // by canonical name
};

}  // namespace

update::Facts update_facts(const DesiredView& git, const std::vector<cluster::LiveWorkload>& live, KnownImages known,
                           const UpdateFactsOptions& options) {
  update::Facts facts;
  for (const auto& [id, desired] : *git.resources)
    if (manifests::is_workload(desired.manifest->type.kind))
      facts.git[id] = {desired.manifest->policies, manifests::containers_of(*desired.manifest)};
  for (const auto& workload : live) facts.cluster[workload.id] = running_workload(workload);
  const auto images = std::make_shared<AskedOnce>(std::move(known), options.use_labels);
  facts.images = [images](const ImageRef& image) { return images->find(image); };
  facts.scanning = options.scanning;
  facts.never_downgrade = options.never_downgrade;
  return facts;
}

}  // namespace flux::daemon
