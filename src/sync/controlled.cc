#include "sync/controlled.h"

#include <vector>

#include "base/json.h"
#include "cluster/whole.h"

namespace flux::sync {
namespace {

Json at(const Json& value, const char* pointer) {
  const Json::json_pointer path(pointer);
  return value.is_object() && value.contains(path) ? value.at(path) : Json();
}

Json read(const std::string& text) { return parse_json(text).value_or(nullptr); }

}  // namespace

bool is_controllers(const ResourceId& id, const Desired& desired, const DesiredSet& all) {
  const auto& type = desired.manifest->type;
  if (type.kind == "Endpoints" && type.api_version == "v1") {
    const auto* service = all.find(ResourceId(desired.ns, "Service", id.name()));
    if (!service || service->manifest->type != ApiType{"v1", "Service"}) return false;
    const auto selector = at(read(service->manifest->rest), "/spec/selector");
    return selector.is_object() && !selector.empty();
  }
  if (type.kind != "EndpointSlice" || type.group() != "discovery.k8s.io") return false;
  const auto manager = at(read(desired.manifest->metadata), "/labels/endpointslice.kubernetes.io~1managed-by");
  return manager == "endpointslice-controller.k8s.io" || manager == "endpointslicemirroring-controller.k8s.io";
}

std::optional<ResourceId> depends_on_service(const ResourceId& id) {
  if (id.kind() != "service") return std::nullopt;
  return ResourceId(id.ns(), "Endpoints", id.name());
}

bool is_run_once(const Manifest& manifest) {
  if (manifest.type != ApiType{"v1", "Pod"}) return false;
  const auto policy = at(read(manifest.rest), "/spec/restartPolicy");
  return policy == "Never" || policy == "OnFailure";
}

std::set<ResourceId> find_ended(const Bounded& ctx, cluster::Client& client, const cluster::Catalog& catalog,
                                const DesiredSet& desired, const AppliedSet& applied, const LiveSet& live) {
  std::vector<ResourceId> ids;
  std::vector<cluster::Client::Target> targets;
  const auto* pods = catalog.find("v1", "Pod");
  for (const auto& [id, one] : desired) {
    if (!pods || id.kind() != "pod" || !is_run_once(*one.manifest)) continue;
    const auto* known = applied.find(id);
    if (!known || known->ended || !find_live(live, id, one)) continue;
    ids.push_back(id);
    targets.push_back({*pods, one.ns, id.name()});
  }
  if (targets.empty()) return {};
  std::set<ResourceId> ended;
  const auto answers = cluster::get_whole(ctx, client, targets);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto pod = answers[i] ? read(*answers[i]) : Json();
    const auto phase = at(pod, "/status/phase");
    const bool is_ours = at(pod, "/metadata/uid") == applied.find(ids[i])->uid;
    if (is_ours && (phase == "Succeeded" || phase == "Failed")) ended.insert(ids[i]);
  }
  return ended;
}

}  // namespace flux::sync
