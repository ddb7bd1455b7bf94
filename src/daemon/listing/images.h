#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/wire/image_status.h"
#include "cluster/workload.h"
#include "daemon/listing/workloads.h"
#include "images/repository.h"

namespace flux::daemon {

/// The containers of a workload with their images. None at all where one image does not parse: half a list would look
/// like a whole one. Pure.
struct RunningContainer {
  std::string name;
  ImageRef image;
};
[[nodiscard]] std::vector<RunningContainer> running_containers(const cluster::LiveWorkload& workload);

/// What is known of an image's repository; nothing when it has not been scanned. `name`: canonical.
using KnownImages = std::function<std::optional<images::Repository>(const std::string& name)>;

struct ImageListOptions {
  std::vector<std::string> use_labels{};  ///< globs of repositories whose labels tell the creation time
  bool all_tags = false;                  ///< also what is no image
};

/// Lists the images that workloads could run (compat/api.md 6.3), ordered by id. Pure but for `known`.
[[nodiscard]] std::vector<api::ImageStatus> image_statuses(const std::vector<cluster::LiveWorkload>& live,
                                                           const GitFacts& git, const KnownImages& known,
                                                           const ImageListOptions& options);

}  // namespace flux::daemon
