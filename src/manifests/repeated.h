#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/manifest.h"
#include "yaml/document.h"

namespace flux::manifests {

/// What a list holds twice whose items an API server tells apart by a key (x-kubernetes-list-map-keys), such as an env
/// name. It refuses a server-side apply of both; the client-side one of Flux v1 took them, and the last one counted.
struct Repeated {
  /// JSON pointers, later items first: without what is at them, erased in this order, each key is there once.
  std::vector<std::string> superseded{};
  std::vector<std::string> warnings{};  ///< a sentence for each such key, with kind, name, place and lines
};

/// Looks through what was ever taken twice: env, ports, pull secrets and host aliases of pods, and secrets of service
/// accounts. Where both items count, two names of one port or more hostnames of one address, they stay, and the warning
/// says that the API server refuses them.
[[nodiscard]] Repeated find_repeated(yaml::Node object, const ApiType& type, std::string_view name);

/// `json` without what is at these pointers, all of which lead to items of lists.
[[nodiscard]] std::string without_items(const std::string& json, const std::vector<std::string>& pointers);

}  // namespace flux::manifests
