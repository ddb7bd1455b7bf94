#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace flux::cluster {

/// What decides whether a pod can be the daemon's.
struct Pod {
  std::string ns;
  std::string name;
  std::string phase;
  bool ready = false;
  bool deleting = false;  ///< has a deletion timestamp; on a dead node that can last
};

/// The pods of a PodList. Server error when it is none.
[[nodiscard]] Result<std::vector<Pod>> decode_pods(std::string_view json);

/// The one pod to talk to, or, if there are several, all of them.
struct PodChoice {
  std::optional<std::string> name;
  std::vector<Pod> rivals;
};

/// Out of the pods that match one selector: running and not being deleted, ready ones first. `current` is kept for as
/// long as it is among them. Neither name nor rivals: none will do.
[[nodiscard]] PodChoice choose_pod(const std::vector<Pod>& pods, std::string_view current);

/// The selectors to try, in this order (compat/fluxctl.md 5): the labels, then the names that manifests give.
[[nodiscard]] std::vector<std::string> daemon_selectors(const std::vector<std::pair<std::string, std::string>>& labels);

/// The words of the contract, and what else may help.
[[nodiscard]] Error no_pod(std::string_view ns, const std::vector<std::string>& selectors,
                           const std::vector<Pod>& unfit, const std::vector<Pod>& elsewhere);
[[nodiscard]] Error ambiguous_pod(std::string_view selector, const std::vector<Pod>& rivals);

}  // namespace flux::cluster
