#include "daemon/listing/images.h"

#include <algorithm>
#include <utility>

#include "images/label_times.h"
#include "images/listing.h"
#include "images/workload_pattern.h"
#include "manifests/workloads/helm_images.h"

namespace flux::daemon {
namespace {

using cluster::LiveWorkload;

api::Container container(const RunningContainer& running, const Policies& policies, const KnownImages& known,
                         const ImageListOptions& options) {
  api::Container out;
  out.name = running.name;
  const auto name = running.image.canonical().name();
  auto repository = running.image.path.empty() ? std::nullopt : known(name);
  if (!repository) return out;
  images::take_times_from_labels(*repository, name, options.use_labels);
  auto listing = images::list_images(*repository, images::workload_pattern(policies, running.name), running.image,
                                     options.all_tags);
  out.current = std::move(listing.current);
  out.latest_filtered = std::move(listing.latest_filtered);
  out.available = std::move(listing.available);
  if (options.all_tags) out.excluded = std::move(repository->excluded);
  out.available_count = static_cast<std::int64_t>(out.available.size());
  out.new_available_count = static_cast<std::int64_t>(listing.new_available_count);
  out.filtered_count = static_cast<std::int64_t>(listing.filtered_count);
  out.new_filtered_count = static_cast<std::int64_t>(listing.new_filtered_count);
  return out;
}

}  // namespace

std::vector<RunningContainer> running_containers(const LiveWorkload& workload) {
  std::vector<RunningContainer> containers;
  for (auto& found : manifests::helm_images(workload.helm_values, workload.annotations))
    containers.push_back({found.name, std::move(found.image)});
  for (const auto& [name, image] : workload.containers) {
    auto ref = ImageRef::parse(image);
    if (!ref) return {};
    containers.push_back({name, std::move(*ref)});
  }
  return containers;
}

std::vector<api::ImageStatus> image_statuses(const std::vector<LiveWorkload>& live, const GitFacts& git,
                                             const KnownImages& known, const ImageListOptions& options) {
  std::vector<api::ImageStatus> out;
  out.reserve(live.size());
  static const Policies kNone;
  for (const auto& workload : live) {
    const auto* in_git = git.manifests ? git.manifests->find(workload.id) : nullptr;
    api::ImageStatus status;
    status.id = workload.id;
    for (const auto& running : running_containers(workload))
      status.containers.push_back(container(running, in_git ? in_git->manifest->policies : kNone, known, options));
    out.push_back(std::move(status));
  }
  std::ranges::sort(out, {}, &api::ImageStatus::id);
  return out;
}

}  // namespace flux::daemon
