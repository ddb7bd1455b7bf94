#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/wire/container.h"
#include "model/policy.h"
#include "model/resource_id.h"

namespace flux::api {

/// Why a workload cannot be changed through git; empty text when it can (compat/api.md 6.2).
namespace read_only {
inline constexpr std::string_view kNotInRepo = "NotInRepo";
inline constexpr std::string_view kSystem = "System";
inline constexpr std::string_view kNoRepo = "NoRepo";
inline constexpr std::string_view kNotReady = "NotReady";
inline constexpr std::string_view kMode = "ReadOnlyMode";
}  // namespace read_only

/// How far the pods have got. By kind in the table of compat/api.md 6.2.
struct RolloutStatus {
  std::int32_t desired = 0;
  std::int32_t updated = 0;
  std::int32_t ready = 0;
  std::int32_t available = 0;
  std::int32_t outdated = 0;
  std::vector<std::string> messages{};  ///< anything in here is a failed rollout to `fluxctl release --watch`
  friend bool operator==(const RolloutStatus&, const RolloutStatus&) = default;
};

/// A workload in the cluster, beside what git says about it (compat/api.md 5.1).
struct ControllerStatus {
  ResourceId id;
  std::vector<Container> containers{};  ///< of the running pod template
  std::string read_only{};              ///< one of api::read_only
  std::string status{};                 ///< `started`, `updating`, `ready`, `error`; of Helm releases their own words
  RolloutStatus rollout{};
  std::string sync_error{};                                    ///< of the last sync; empty: none
  ResourceId antecedent{};                                     ///< empty: none
  std::optional<std::map<std::string, std::string>> labels{};  ///< nothing when the object has no labels
  Policies policies{};                                         ///< from the manifest
  friend bool operator==(const ControllerStatus&, const ControllerStatus&) = default;

  // True for the exact value "true" only (compat/api.md 7).
  [[nodiscard]] bool automated() const { return policy_set("automated"); }
  [[nodiscard]] bool locked() const { return policy_set("locked"); }
  [[nodiscard]] bool ignored() const { return policy_set("ignore"); }

 private:
  [[nodiscard]] bool policy_set(std::string_view name) const;
};

/// An empty list is null; the flags are those of the policies.
[[nodiscard]] Json to_json(const std::vector<ControllerStatus>& list);
/// The flags are taken from the policies.
[[nodiscard]] Result<std::vector<ControllerStatus>> controller_statuses_from_json(const Json& json);

}  // namespace flux::api
