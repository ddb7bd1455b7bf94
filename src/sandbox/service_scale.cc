#include <algorithm>

#include "base/json.h"
#include "sandbox/exchange.h"
#include "sandbox/patch/plain.h"
#include "sandbox/service.h"

namespace flux::sandbox {

namespace {

Json::json_pointer pointer(std::string path) {
  std::replace(path.begin(), path.end(), '.', '/');
  return Json::json_pointer(path);
}

std::string selector_text(const Json& selector) {
  if (selector.is_string()) return selector;
  std::string out;
  const auto labels = selector.value("matchLabels", selector);
  for (const auto& [name, value] : labels.items()) {
    if (value.is_string()) out += (out.empty() ? "" : ",") + name + "=" + value.get<std::string>();
  }
  return out;
}

Json scale_of(const Kind& kind, const Json& body) {
  const auto& metadata = body.at("metadata");
  Json own = Json::object();
  for (const auto* name : {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
    if (metadata.contains(name)) own[name] = metadata[name];
  }
  const auto count = [&](const std::string& path) {
    return path.empty() ? Json(0) : body.value(pointer(path), Json(0));
  };
  Json out = {{"kind", "Scale"},
              {"apiVersion", "autoscaling/v1"},
              {"metadata", own},
              {"spec", Json::object()},
              {"status", {{"replicas", count(kind.scale->status_replicas)}}}};
  if (const auto wanted = count(kind.scale->spec_replicas); wanted != 0) out["spec"]["replicas"] = wanted;
  if (!kind.scale->selector.empty()) {
    const auto selector = body.value(pointer(kind.scale->selector), Json());
    if (!selector.is_null()) out["status"]["selector"] = selector_text(selector);
  }
  return out;
}

}  // namespace

Service::Response Service::on_scale(const Target& target, const Request& request) {
  auto whole = target;
  whole.subresource.clear();
  const auto live = objects_.get(whole);
  if (!live) return refused(live.error());
  auto scale = scale_of(*target.kind, (*live)->body);
  if (request.method == "GET") return json_response(200, dump_json(scale));
  if (request.method != "PUT" && request.method != "PATCH") return method_not_allowed();
  auto body = body_of(request);
  if (!body) return refused(body.error());
  auto options = write_options(request);
  if (!options) return refused(options.error());
  auto wanted = content_type(request) == "application/json-patch+json" ? json_patched(scale, *body)
                                                                       : Answer<Json>(merge_patched(scale, *body));
  if (!wanted) return refused(wanted.error());
  const auto replicas = wanted->value(Json::json_pointer("/spec/replicas"), Json(0));
  if (!replicas.is_number_integer()) return refused({400, "BadRequest", "spec.replicas of a Scale must be an integer"});
  auto patch = Json::object();
  patch[pointer(target.kind->scale->spec_replicas)] = replicas;
  const auto version = body->value(Json::json_pointer("/metadata/resourceVersion"), Json());
  if (!version.is_null()) patch["metadata"]["resourceVersion"] = version;
  whole.subresource = "scale";
  const auto written = objects_.patch(whole, PatchKind::merge, patch, *options);
  if (!written) return refused(written.error());
  return json_response(200, dump_json(scale_of(*target.kind, written->object->body)));
}

}  // namespace flux::sandbox
