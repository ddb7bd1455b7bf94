#include "api/endpoints.h"

#include <fmt/format.h>

#include "api/requests.h"
#include "api/responses.h"
#include "base/base64.h"
#include "base/json.h"

namespace flux::api {
namespace {

using http::ServerResponse;

Json text_json(const std::string& text) { return text; }

/// 200 with what `write` makes of the result, or its error.
template <class T, class Write>
ServerResponse written(const Call& call, const Result<T>& result, Write write) {
  return result ? json_response(write(*result)) : error_response(result.error(), call.errors);
}

ServerResponse done(const Call& call, const Result<void>& result, int status) {
  return result ? empty_response(status) : error_response(result.error(), call.errors);
}

ServerResponse notify(const Call& call) {
  const auto change = change_of(call.request);
  if (!change) return bad_request(change.error(), call.errors);
  return done(call, call.service.notify(call.ctx, *change), 202);
}

Error two_filters(std::string_view other) {
  return {ErrorKind::user, fmt::format("cannot filter by 'namespace' and '{}' at the same time", other),
          "Leave one of them out. The id of a workload names its namespace already."};
}

ServerResponse list_services(const Call& call) {
  const auto options = list_services_options(call.request);
  if (!options) return bad_request(options.error(), call.errors);
  if (!options->ns.empty() && !options->services.empty()) return error_response(two_filters("workloads"), call.errors);
  return written(call, call.service.list_services(call.ctx, *options),
                 [](const std::vector<ControllerStatus>& list) { return to_json(list); });
}

Result<std::vector<ImageStatus>> images_with_fields(const Call& call, const ListImagesOptions& options) {
  auto images = call.service.list_images(call.ctx, options);
  if (!images) return images;
  for (auto& image : *images)
    for (auto& container : image.containers)
      if (auto ok = keep_fields(container, options.container_fields); !ok) return Failure(std::move(ok.error()));
  return images;
}

ServerResponse list_images(const Call& call) {
  const auto options = list_images_options(call.request);
  if (!options) return bad_request(options.error(), call.errors);
  if (!options->ns.empty() && !options->service.empty()) return error_response(two_filters("workload"), call.errors);
  return written(call, images_with_fields(call, *options),
                 [](const std::vector<ImageStatus>& list) { return to_json(list); });
}

ServerResponse update(const Call& call, const Result<UpdateSpec>& spec) {
  if (!spec) return bad_request(spec.error(), call.errors);
  if (std::holds_alternative<AutomatedSpec>(spec->detail))
    return error_response({ErrorKind::user, R"(unknown update type "auto")",
                           "Only fluxd itself makes updates of this type, for workloads with the policy automated."},
                          call.errors);
  return written(call, call.service.update_manifests(call.ctx, *spec), text_json);
}

ServerResponse sync_status(const Call& call) {
  return written(call, call.service.sync_status(call.ctx, call.request.query_value("ref").value_or("")),
                 [](const std::vector<std::string>& commits) { return Json(commits); });
}

ServerResponse git_repo_config(const Call& call) {
  const auto regenerate = flag_of(call.request);
  if (!regenerate) return bad_request(regenerate.error(), call.errors);
  return written(call, call.service.git_repo_config(call.ctx, *regenerate),
                 [](const GitConfig& config) { return to_json(config); });
}

ServerResponse explain(const Call& call) {
  const auto id = explained_workload(call.request);
  if (!id) return bad_request(id.error(), call.errors);
  return written(call, call.service.explain(call.ctx, *id, call.request.query_value("all") == "true"),
                 [](const Explanation& explanation) { return to_json(explanation); });
}

ServerResponse public_key(const Call& call) {
  return written(call, call.service.public_ssh_key(call.ctx, false), [](const PublicKey& key) { return to_json(key); });
}

ServerResponse regenerate_key(const Call& call) {
  const auto key = call.service.public_ssh_key(call.ctx, true);
  return key ? empty_response(204) : error_response(key.error(), call.errors);
}

}  // namespace

ServerResponse answer(const Call& call, Endpoint endpoint) {
  auto& service = call.service;
  const auto query = [&](std::string_view key) { return call.request.query_value(key).value_or(""); };
  switch (endpoint) {
    case Endpoint::ping:
      return done(call, service.ping(call.ctx), 204);
    case Endpoint::version:
      return json_response(service.version());
    case Endpoint::notify:
      return notify(call);
    case Endpoint::list_services:
      return list_services(call);
    case Endpoint::list_images:
      return list_images(call);
    case Endpoint::update_manifests:
      return update(call, update_spec_of(call.request));
    case Endpoint::update_images:
      return update(call, update_images_spec(call.request));
    case Endpoint::update_policies:
      return update(call, update_policies_spec(call.request));
    case Endpoint::job_status:
      return written(call, service.job_status(call.ctx, query("id")), [](const JobStatus& s) { return to_json(s); });
    case Endpoint::sync_status:
      return sync_status(call);
    case Endpoint::export_manifests:
      return written(call, service.export_manifests(call.ctx),
                     [](const std::string& yaml) { return yaml.empty() ? Json(nullptr) : Json(encode_base64(yaml)); });
    case Endpoint::git_repo_config:
      return git_repo_config(call);
    case Endpoint::public_key:
      return public_key(call);
    case Endpoint::regenerate_key:
      return regenerate_key(call);
    case Endpoint::status:
      return written(call, service.status(call.ctx), [](const DaemonStatus& s) { return to_json(s); });
    case Endpoint::explain:
      return explain(call);
    case Endpoint::diff:
      return written(call, service.diff(call.ctx, query("ref")), [](const SyncDiff& d) { return to_json(d); });
  }
  return empty_response(500);
}

}  // namespace flux::api
