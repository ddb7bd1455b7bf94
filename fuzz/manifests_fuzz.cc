// A file of manifests is either loaded or refused with a reason, and its JSON is JSON.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "manifests/parse_file.h"
#include "manifests/scope.h"
#include "manifests/workloads/containers.h"
#include "manifests/workloads/kinds.h"

namespace {

class Namespaced : public flux::manifests::ScopeLookup {
 public:
  [[nodiscard]] flux::Result<flux::manifests::Scope> scope_of(const flux::ApiType& type) const override {
    if (type.kind.size() % 2 == 0) return flux::manifests::Scope::namespaced;
    return flux::fail(flux::ErrorKind::missing, "unknown");
  }
};

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto content =
      flux::manifests::parse_file("fuzz.yaml", std::string_view(reinterpret_cast<const char*>(data), size));
  require(content.problems.empty() || content.manifests.empty());
  for (const auto& manifest : content.manifests) {
    require(!manifest->type.kind.empty() && manifest->checksum.size() == 40);
    require(nlohmann::json::parse(manifest->metadata).is_object());
    require(nlohmann::json::parse(manifest->rest).is_object());
    require(flux::manifests::containers_of(*manifest).empty() || flux::manifests::is_workload(manifest->type.kind));
  }
  const auto resolved = flux::manifests::resolve(content.manifests, Namespaced(), "default");
  if (resolved) require(resolved->resources.size() + resolved->unscoped.size() == content.manifests.size());
  return 0;
}
