#include "cluster/client.h"

#include <fmt/format.h>

#include <utility>

#include "cluster/batch.h"
#include "cluster/json_reader.h"
#include "cluster/list_page.h"
#include "cluster/session.h"
#include "cluster/warnings.h"

namespace flux::cluster {
namespace {

std::string id_text(const Resource& resource, std::string_view ns, std::string_view name) {
  return ResourceId(resource.namespaced ? ns : std::string_view{}, resource.type.kind, name).to_string();
}

Call get_call(const Resource& resource, std::string_view ns, std::string_view name) {
  Call call;
  call.path = resource.path(ns, name);
  call.accept = kAcceptMetadata;
  call.what = id_text(resource, ns, name);
  return call;
}

Call delete_call(const DeleteRequest& request) {
  std::string preconditions;
  const auto add = [&](std::string_view key, const std::string& value) {
    if (value.empty()) return;
    preconditions += fmt::format("{}\"{}\":{}", preconditions.empty() ? "" : ",", key, quote_json(value));
  };
  add("uid", request.uid);
  add("resourceVersion", request.resource_version);
  Call call;
  call.method = "DELETE";
  call.path = request.resource.path(request.ns, request.name);
  call.accept = kAcceptMetadata;
  call.content_type = "application/json";
  call.body = fmt::format(
      R"({{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Background","preconditions":{{{}}}}})",
      preconditions);
  call.what = id_text(request.resource, request.ns, request.name);
  return call;
}

ApiResult<void> deleted(const ApiResult<http::ClientResponse>& answer) {
  if (answer || answer.error().not_found()) return {};
  return ApiFailure(answer.error());
}

ApiResult<Object> object_in(ApiResult<http::ClientResponse> answer, const ApiType& type, std::string_view what) {
  if (!answer) return ApiFailure(answer.error());
  auto object = decode_object(answer->body, type);
  if (!object) return ApiFailure(no_answer(object.error(), what));
  return std::move(*object);
}

std::string_view content_type(Client::PatchType type) {
  switch (type) {
    case Client::PatchType::json:
      return "application/json-patch+json";
    case Client::PatchType::merge:
      return "application/merge-patch+json";
    case Client::PatchType::strategic:
      break;
  }
  return "application/strategic-merge-patch+json";
}

}  // namespace

std::string encode_uri(std::string_view text) {
  static constexpr std::string_view kPlain = "-_.~";
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPlain.find(c) != std::string_view::npos)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Result<std::unique_ptr<Client>> Client::make(Config config, ClientOptions options, Connect connect) {
  if (config.server.empty())
    return fail(ErrorKind::user, "no API server is configured",
                "Name a server in the kubeconfig's current context, or run in a pod with a service account.");
  auto connect_and_log = [connect = std::move(connect), log = options.log](http::ClientOptions transport) {
    transport.log = log;
    return connect(std::move(transport));
  };
  auto session = std::make_unique<Session>(std::move(config), options.user_agent, std::move(connect_and_log));
  return std::unique_ptr<Client>(new Client(std::move(options), std::move(session)));
}

Client::Client(ClientOptions options, std::unique_ptr<Session> session)
    : options_(std::move(options)), session_(std::move(session)), told_warnings_(std::make_unique<ToldWarnings>()) {}

Client::~Client() = default;

const std::string& Client::host() const { return session_->config().server; }

void Client::call_all(const Bounded& ctx, std::size_t count, const std::function<Call(std::size_t)>& make,
                      const Answered& done) {
  run_batch(ctx, *session_, options_, count, make, done);
}

ApiResult<http::ClientResponse> Client::call(const Bounded& ctx, const Call& call) {
  ApiResult<http::ClientResponse> outcome;
  call_all(ctx, 1, [&](std::size_t) { return call; }, [&](std::size_t, auto answer) { outcome = std::move(answer); });
  return outcome;
}

void Client::start(const Context& ctx, const Call& call, Transport::Done done) {
  const auto bounded = ctx.with_timeout(options_.request_timeout);
  auto prepared = session_->prepare(bounded, call);
  if (!prepared) return done(Failure(prepared.error()));
  prepared->transport->start(bounded, std::move(prepared->request), std::move(done));
}

void Client::start_stream(const Context& ctx, const Call& call, Transport::OnData on_data, Duration idle_timeout,
                          Transport::Done done) {
  auto prepared = session_->prepare(ctx.with_timeout(options_.request_timeout), call);
  if (!prepared) return done(Failure(prepared.error()));
  prepared->transport->start_stream(ctx, std::move(prepared->request), std::move(on_data), idle_timeout,
                                    std::move(done));
}

void Client::forget_credentials() { session_->forget(); }

ApiResult<std::string> Client::get(const Bounded& ctx, std::string_view path) {
  Call request;
  request.path = path;
  request.max_answer = kMaxPage;
  auto answer = call(ctx, request);
  if (!answer) return ApiFailure(answer.error());
  return std::move(answer->body);
}

ApiResult<std::string> Client::server_version(const Bounded& ctx) {
  auto body = get(ctx, "/version");
  if (!body) return body;
  std::string version;
  JsonReader json(*body);
  json.object([&](std::string_view key) {
    if (key == "gitVersion") return json.string(version);
    json.skip();
  });
  return version;
}

ApiResult<std::vector<Object>> Client::list(const Bounded& ctx, const Resource& resource, std::string_view ns,
                                            std::string_view label_selector) {
  std::vector<Object> objects;
  std::string next;
  auto size = options_.page_size;
  for (int tries = 1;;) {
    const auto answer = call(ctx, list_call(resource, ns, label_selector, size, next));
    const bool expired = !answer && answer.error().gone() && !next.empty() && tries++ < kListTries;
    const bool too_long = !answer && answer.error().too_long && smaller_page(size) > 0;
    if (too_long) size = smaller_page(size);
    if (expired || too_long) {
      objects.clear();
      next.clear();
      continue;
    }
    if (!answer) return ApiFailure(answer.error());
    const auto page =
        decode_page(answer->body, resource.type, [&](Object object) { objects.push_back(std::move(object)); });
    if (!page) return ApiFailure(no_answer(page.error(), resource.group_resource()));
    if (page->next.empty()) return objects;
    next = page->next;
  }
}

std::vector<ApiResult<Object>> Client::get_all(const Bounded& ctx, std::span<const Target> targets) {
  std::vector<ApiResult<Object>> results(targets.size());
  call_all(
      ctx, targets.size(), [&](std::size_t i) { return get_call(targets[i].resource, targets[i].ns, targets[i].name); },
      [&](std::size_t i, auto answer) {
        const auto& resource = targets[i].resource;
        results[i] = object_in(std::move(answer), resource.type, id_text(resource, targets[i].ns, targets[i].name));
      });
  return results;
}

ApiResult<Object> Client::apply(const Bounded& ctx, ApplyRequest request) {
  const auto type = request.resource.type;
  const auto prepared = apply_call(std::move(request));
  return object_in(call(ctx, prepared), type, prepared.what);
}

std::vector<ApiResult<Object>> Client::apply_all(const Bounded& ctx, std::span<const ApplyRequest> requests) {
  std::vector<ApiResult<Object>> results(requests.size());
  apply_all(
      ctx, requests.size(), [&](std::size_t i) { return requests[i]; },
      [&](std::size_t i, ApiResult<Object> result) { results[i] = std::move(result); });
  return results;
}

void Client::apply_all(const Bounded& ctx, std::size_t count, const std::function<ApplyRequest(std::size_t)>& make,
                       const std::function<void(std::size_t, ApiResult<Object>)>& done, const Warned& warned) {
  std::vector<ApiType> types(count);
  const auto tell = [&](std::size_t i, const http::Headers& headers) {
    for (const auto& text : warnings_in(headers))
      if (const auto telling = told_warnings_->tell(types[i].kind, text); telling != ToldWarnings::Telling::not_again)
        warned(i, text, telling == ToldWarnings::Telling::now_as_last);
  };
  call_all(
      ctx, count,
      [&](std::size_t i) {
        auto request = make(i);
        types[i] = request.resource.type;
        return apply_call(std::move(request));
      },
      [&](std::size_t i, ApiResult<http::ClientResponse> answer) {
        if (answer && warned) tell(i, answer->headers);
        done(i, object_in(std::move(answer), types[i], types[i].kind));
      });
}

ApiResult<void> Client::remove(const Bounded& ctx, const DeleteRequest& request) {
  return deleted(call(ctx, delete_call(request)));
}

std::vector<ApiResult<void>> Client::remove_all(const Bounded& ctx, std::span<const DeleteRequest> requests) {
  std::vector<ApiResult<void>> results(requests.size());
  call_all(
      ctx, requests.size(), [&](std::size_t i) { return delete_call(requests[i]); },
      [&](std::size_t i, const auto& answer) { results[i] = deleted(answer); });
  return results;
}

Call apply_call(ApplyRequest request) {
  Call call;
  call.method = "PATCH";
  call.path =
      request.resource.path(request.ns, request.name) + "?fieldManager=" + std::string(kFieldManager) + "&force=true";
  if (request.dry_run) call.path += "&dryRun=All";
  call.accept = kAcceptMetadata;
  call.content_type = "application/apply-patch+yaml";
  call.body = std::move(request.body);
  call.what = id_text(request.resource, request.ns, request.name);
  call.retry_conflict = true;
  return call;
}

Call patch_call(const Resource& resource, std::string_view ns, std::string_view name, Client::PatchType type,
                std::string body) {
  Call call;
  call.method = "PATCH";
  call.path = resource.path(ns, name) + "?fieldManager=" + std::string(kFieldManager);
  call.accept = kAcceptMetadata;
  call.content_type = content_type(type);
  call.body = std::move(body);
  call.what = id_text(resource, ns, name);
  return call;
}

ApiResult<Object> Client::patch(const Bounded& ctx, const Resource& resource, std::string_view ns,
                                std::string_view name, PatchType type, std::string body) {
  const auto request = patch_call(resource, ns, name, type, std::move(body));
  return object_in(call(ctx, request), resource.type, request.what);
}

Call list_call(const Resource& resource, std::string_view ns, std::string_view label_selector, std::size_t limit,
               std::string_view next) {
  Call call;
  call.path = fmt::format("{}?limit={}", resource.path(ns), limit);
  if (!label_selector.empty()) call.path += "&labelSelector=" + encode_uri(label_selector);
  if (!next.empty()) call.path += "&continue=" + encode_uri(next);
  call.accept = kAcceptMetadataList;
  call.max_answer = kMaxPage;
  call.what = "listing " + resource.group_resource() + (ns.empty() ? "" : " in " + std::string(ns));
  return call;
}

}  // namespace flux::cluster
