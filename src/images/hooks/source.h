#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace flux::images {

/// Whose notifications we understand; each has its own form of a body.
enum class HookSource { docker_hub, quay, github, gitlab, harbor, google, azure, distribution };

struct NamedHookSource {
  std::string_view name;  ///< in addresses, metrics and logs
  HookSource source;
};

inline constexpr std::array<NamedHookSource, 8> kHookSources{{
    {"dockerhub", HookSource::docker_hub},
    {"quay", HookSource::quay},
    {"github", HookSource::github},
    {"gitlab", HookSource::gitlab},
    {"harbor", HookSource::harbor},
    {"google", HookSource::google},
    {"azure", HookSource::azure},
    {"distribution", HookSource::distribution},
}};

[[nodiscard]] constexpr std::optional<HookSource> hook_source(std::string_view name) {
  for (const auto& each : kHookSources)
    if (each.name == name) return each.source;
  return std::nullopt;
}

}  // namespace flux::images
