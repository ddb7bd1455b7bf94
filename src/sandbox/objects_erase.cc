#include <algorithm>

#include "sandbox/objects.h"
#include "sandbox/rules.h"

namespace flux::sandbox {

Answer<std::optional<Written>> Objects::try_erase(const Target& target, const DeleteOptions& options) {
  const auto& kind = *target.kind;
  auto live = get(target);
  if (!live) return Refusal(live.error());
  const auto& object = **live;
  if (!options.uid.empty() && options.uid != object.meta_text("uid")) {
    return refuse_precondition(kind, target.name,
                               "the UID in the precondition (" + options.uid + ") does not match the UID in record (" +
                                   object.meta_text("uid") +
                                   "). The object might have been deleted and then recreated");
  }
  if (!options.resource_version.empty() && options.resource_version != object.meta_text("resourceVersion")) {
    return refuse_precondition(kind, target.name,
                               "the ResourceVersion in the precondition (" + options.resource_version +
                                   ") does not match the ResourceVersion in record (" +
                                   object.meta_text("resourceVersion") + "). The object might have been modified");
  }
  auto body = object.body;
  const auto hold = [&](const char* finalizer) {
    auto& list = body["metadata"]["finalizers"];
    if (!list.is_array()) list = Json::array();
    if (std::find(list.begin(), list.end(), finalizer) == list.end()) list.push_back(finalizer);
  };
  const bool has_dependents = !store_.owned_by(object.meta_text("uid")).empty();
  if (options.propagation == "Foreground" && has_dependents) hold("foregroundDeletion");
  if (options.propagation == "Orphan" && has_dependents) hold("orphan");
  if (kind.kind == "CustomResourceDefinition" && !kind.custom) hold("customresourcecleanup.apiextensions.k8s.io");
  if (options.dry_run) return std::optional(Written{*live, false, !is_held(kind, body), {}});
  if (!is_held(kind, body)) {
    auto last = store_.remove(target.place(), *live);
    if (!last) return std::optional<Written>();
    return std::optional(Written{last, false, true, {}});
  }
  if (object.deleting()) return std::optional(Written{*live, false, false, {}});
  body["metadata"]["deletionTimestamp"] = now_text();
  if (!(kind.group.empty() && kind.kind == "Namespace")) body["metadata"]["deletionGracePeriodSeconds"] = 0;
  if (kind.kind == "Namespace" && kind.group.empty()) body["status"]["phase"] = "Terminating";
  if (has_generation(kind)) body["metadata"]["generation"] = body["metadata"].value("generation", 0) + 1;
  auto marked = store_.put(target.place(), *live, std::move(body));
  if (!marked) return std::optional<Written>();
  return std::optional(Written{marked, false, false, {}});
}

Answer<Written> Objects::erase(const Target& target, const DeleteOptions& options) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    auto written = try_erase(target, options);
    if (!written) return Refusal(written.error());
    if (*written) return std::move(**written);
  }
  return refuse_stale(*target.kind, target.name);
}

}  // namespace flux::sandbox
