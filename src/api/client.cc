#include "api/client.h"

#include <fmt/format.h>

#include "api/client_answer.h"
#include "api/client_url.h"
#include "base/base64.h"
#include "model/json_reader.h"

namespace flux::api {
namespace {

/// The token stays with the host. Repeating a change as it was is what keeps it from being lost at a door that only
/// wants TLS.
constexpr http::RedirectPolicy kRedirects{
    .limit = 10, .allow_plain = true, .authorize_host = true, .keep_method = true};

Result<std::string> yaml_from_json(const Json& json) {
  auto text = text_from_json(json);
  if (!text) return text;
  auto yaml = decode_base64(*text);
  if (!yaml) return fail(ErrorKind::user, "the export is not base64");
  return *std::move(yaml);
}

Result<std::vector<std::string>> texts_from_json(const Json& json) { return list_from_json(json, text_from_json); }

}  // namespace

/// Requests and answers, whatever they are about.
class Client::Wire {
 public:
  Wire(ClientOptions options, std::unique_ptr<http::Client> transport)
      : options_(std::move(options)), transport_(std::move(transport)) {}

  template <class Read>
  CallResult<ReadValue<Read>> call(const Context& ctx, const std::string& method, std::string_view route,
                                   const Query& query, std::string body, Read read) {
    auto url = call_url(options_.url, route, query);
    if (!url) return tl::unexpected(CallError{std::move(url.error()), false});
    http::ClientRequest request{.method = method,
                                .url = *std::move(url),
                                .headers = {{"Accept", "application/json"}},
                                .body = std::move(body),
                                .redirects = kRedirects};
    if (!options_.token.empty()) request.authorization = Secret("Scope-Probe token=" + options_.token.reveal());
    const auto json = send(ctx.with_timeout(options_.call_timeout), request);
    if (!json) return tl::unexpected(json.error());
    auto value = read(*json);
    if (!value) return tl::unexpected(undecodable(std::move(value.error())));
    return *std::move(value);
  }

  template <class Read>
  CallResult<ReadValue<Read>> get(const Context& ctx, std::string_view route, const Query& query, Read read) {
    return call(ctx, "GET", route, query, {}, read);
  }
  template <class Read>
  CallResult<ReadValue<Read>> post(const Context& ctx, std::string_view route, const Json& body, Read read) {
    return call(ctx, "POST", route, {}, encode_json(body), read);
  }

 private:
  CallResult<Json> send(const Bounded& ctx, const http::ClientRequest& request) {
    auto response = transport_->send(ctx, request);
    if (!response) return tl::unexpected(no_answer(request.method, request.url, std::move(response.error())));
    return read_answer(*response);
  }

  const ClientOptions options_;
  const std::unique_ptr<http::Client> transport_;
};

Result<std::unique_ptr<Client>> Client::make(ClientOptions options) {
  if (auto url = call_url(options.url, "", {}); !url) return Failure(std::move(url.error()));
  if (options.transport.user_agent.empty()) options.transport.user_agent = "fluxctl";
  auto transport = http::Client::make(options.transport);
  if (!transport) return Failure(std::move(transport.error()));
  return std::unique_ptr<Client>(new Client(std::make_unique<Wire>(std::move(options), *std::move(transport))));
}

Client::Client(std::unique_ptr<Wire> wire) : wire_(std::move(wire)) {}
Client::~Client() = default;

CallResult<void> Client::ping(const Context& ctx) {
  const auto answer = wire_->get(ctx, "v11/ping", {}, [](const Json&) { return Result<bool>(true); });
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

CallResult<std::string> Client::version(const Context& ctx) {
  return wire_->get(ctx, "v11/version", {}, text_from_json);
}

CallResult<std::vector<ControllerStatus>> Client::list_services(const Context& ctx,
                                                                const ListServicesOptions& options) {
  if (options.services.empty())
    return wire_->get(ctx, "v6/services", {{"namespace", options.ns}}, controller_statuses_from_json);
  std::string services;
  for (const auto& id : options.services) services += (services.empty() ? "" : ",") + id.to_string();
  return wire_->get(ctx, "v11/services", {{"namespace", options.ns}, {"services", services}},
                    controller_statuses_from_json);
}

CallResult<std::vector<ImageStatus>> Client::list_images(const Context& ctx, const ListImagesOptions& options) {
  const auto service = options.service.empty() ? std::string(kAllWorkloads) : options.service.to_string();
  Query query{{"service", service},
              {"containerFields", fmt::format("{}", fmt::join(options.container_fields, ","))},
              {"namespace", options.ns}};
  if (options.all_tags) query.emplace("all", "true");
  return wire_->get(ctx, "v10/images", query, image_statuses_from_json);
}

CallResult<std::string> Client::update_manifests(const Context& ctx, const UpdateSpec& spec) {
  return wire_->post(ctx, "v9/update-manifests", to_json(spec), text_from_json);
}

CallResult<JobStatus> Client::job_status(const Context& ctx, const std::string& id) {
  return wire_->get(ctx, "v6/jobs", {{"id", id}}, job_status_from_json);
}

CallResult<std::vector<std::string>> Client::sync_status(const Context& ctx, const std::string& ref) {
  return wire_->get(ctx, "v6/sync", {{"ref", ref}}, texts_from_json);
}

CallResult<std::string> Client::export_manifests(const Context& ctx) {
  return wire_->get(ctx, "v6/export", {}, yaml_from_json);
}

CallResult<GitConfig> Client::git_repo_config(const Context& ctx, bool regenerate) {
  return wire_->post(ctx, "v9/git-repo-config", Json(regenerate), git_config_from_json);
}

CallResult<DaemonStatus> Client::status(const Context& ctx) {
  return wire_->get(ctx, "v12/status", {}, daemon_status_from_json);
}

CallResult<Explanation> Client::explain(const Context& ctx, const ResourceId& id, bool all_tags) {
  return wire_->get(ctx, "v12/explain", {{"service", id.to_string()}, {"all", all_tags ? "true" : "false"}},
                    explanation_from_json);
}

CallResult<SyncDiff> Client::diff(const Context& ctx, const std::string& ref) {
  return wire_->get(ctx, "v12/diff", {{"ref", ref}}, sync_diff_from_json);
}

}  // namespace flux::api
