#include "sandbox/service.h"

#include <charconv>

#include "base/json.h"
#include "sandbox/discovery.h"
#include "sandbox/exchange.h"
#include "sandbox/openapi.h"
#include "sandbox/watch.h"

namespace flux::sandbox {

namespace {

std::vector<std::string> segments_of(const std::string& path) {
  std::vector<std::string> out;
  for (std::size_t at = 1; at <= path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    if (end > at) out.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::uint64_t number(const std::string& text, std::uint64_t fallback = 0) {
  std::uint64_t out = fallback;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

/// Answers that everything is allowed: the sandbox knows no users.
Answer<Json> review(const http::ServerRequest& request) {
  auto body = body_of(request);
  if (!body) return body;
  if (!body->is_object()) return refuse_request("the object provided is not a JSON object");
  (*body)["status"] = {{"allowed", true}};
  if (request.path.ends_with("rulesreviews")) {
    (*body)["status"] = {{"incomplete", false},
                         {"nonResourceRules", {{{"verbs", {"*"}}, {"nonResourceURLs", {"*"}}}}},
                         {"resourceRules", {{{"verbs", {"*"}}, {"apiGroups", {"*"}}, {"resources", {"*"}}}}}};
  }
  return body;
}

}  // namespace

std::optional<Service::Response> Service::plain(const Request& request) const {
  const auto& path = request.path;
  if (path == "/healthz" || path == "/readyz" || path == "/livez") {
    Response out;
    out.headers.add("Content-Type", "text/plain; charset=utf-8");
    out.body = "ok";
    return out;
  }
  if (path == "/version") return json_response(200, dump_json(version_document()));
  if (request.method == "POST" && path.starts_with("/apis/authorization.k8s.io/v1/selfsubject")) {
    const auto body = review(request);
    return body ? json_response(201, dump_json(*body)) : refused(body.error());
  }
  if (request.method != "GET") return std::nullopt;
  const auto accept = request.headers.get("Accept").value_or("");
  auto document = discovery(kinds_, path, accept);
  if (!document) document = openapi(kinds_, path, accept);
  if (!document) return std::nullopt;
  Response out;
  out.headers.add("Content-Type", document->content_type);
  out.body = std::move(document->body);
  return out;
}

Answer<Target> Service::target_of(const std::string& path) const {
  const auto parts = segments_of(path);
  const auto unknown = [] {
    return Refusal(Status{404, "NotFound", "the server could not find the requested resource", Json::object()});
  };
  const bool core = !parts.empty() && parts[0] == "api";
  if (parts.empty() || (!core && parts[0] != "apis")) return unknown();
  std::size_t at = core ? 2 : 3;
  if (parts.size() <= at) return unknown();
  const auto group = core ? std::string() : parts[1];
  const auto& version = core ? parts[1] : parts[2];
  Target out;
  const bool within = parts[at] == "namespaces" && parts.size() > at + 2 &&
                      !(core && (parts[at + 2] == "status" || parts[at + 2] == "finalize"));
  if (within) {
    out.space = parts[at + 1];
    at += 2;
  }
  out.kind = kinds_.find(group, version, parts[at]);
  if (!out.kind || (within && !out.kind->namespaced)) return unknown();
  if (parts.size() > at + 1) out.name = parts[at + 1];
  if (parts.size() > at + 2) out.subresource = parts[at + 2];
  if (parts.size() > at + 3) return unknown();
  if (!out.name.empty() && out.kind->namespaced && out.space.empty()) return unknown();
  return out;
}

Service::Response Service::handle(const Context&, const Request& request) {
  if (auto answer = plain(request)) return std::move(*answer);
  auto target = target_of(request.path);
  if (!target) return refused(target.error());
  if (target->name.empty()) return on_collection(*target, request);
  const auto& sub = target->subresource;
  if (sub == "scale" && target->kind->scale) return on_scale(*target, request);
  if (sub == "finalize" && target->kind->plural == "namespaces") return on_finalize(*target, request);
  if (sub == "eviction" && target->kind->plural == "pods" && request.method == "POST") {
    target->subresource.clear();
    const auto gone = objects_.erase(*target, {});
    return gone ? json_response(201, R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success"})")
                : refused(gone.error());
  }
  if (target->kind->plural == "pods" && (sub == "log" || sub == "exec" || sub == "attach" || sub == "portforward")) {
    return refused(
        {501, "NotImplemented", "pods of the sandbox are simulated: nothing runs in them, so there is no " + sub});
  }
  if (!sub.empty() && !(sub == "status" && target->kind->has_status)) return no_such_path();
  return on_object(*target, request);
}

Service::Response Service::on_collection(const Target& target, const Request& request) {
  if (request.method == "GET") {
    const auto watching = query(request, "watch");
    return watching == "true" || watching == "1" ? watch(target, request) : list(target, request);
  }
  if (request.method == "DELETE") return erase_collection(target, request);
  if (request.method != "POST") return method_not_allowed();
  if (target.kind->namespaced && target.space.empty()) return method_not_allowed();
  auto options = write_options(request);
  if (!options) return refused(options.error());
  auto body = body_of(request);
  if (!body) return refused(body.error());
  auto written = objects_.create(target, std::move(*body), *options);
  return written ? shown(request, *target.kind, *written) : refused(written.error());
}

Service::Response Service::on_object(const Target& target, const Request& request) {
  if (request.method == "GET") {
    const auto watching = query(request, "watch");
    if (watching == "true" || watching == "1") return watch(target, request);
    const auto object = objects_.get(target);
    return object ? shown(request, *target.kind, {*object, false, false, {}}) : refused(object.error());
  }
  if (request.method == "PUT" || request.method == "PATCH") return change(target, request);
  if (request.method == "DELETE" && target.subresource.empty()) return erase(target, request);
  return method_not_allowed();
}

Service::Response Service::change(const Target& target, const Request& request) {
  auto written = request.method == "PATCH" ? patched(target, request) : [&]() -> Answer<Written> {
    auto options = write_options(request);
    if (!options) return Refusal(options.error());
    auto body = body_of(request);
    if (!body) return Refusal(body.error());
    return objects_.update(target, *body, *options);
  }();
  return written ? shown(request, *target.kind, *written) : refused(written.error());
}

Answer<Written> Service::patched(const Target& target, const Request& request) {
  auto options = write_options(request);
  if (!options) return Refusal(options.error());
  auto body = body_of(request);
  if (!body) return Refusal(body.error());
  const auto type = content_type(request);
  if (type == "application/apply-patch+yaml") return objects_.apply(target, *body, *options);
  if (type == "application/json-patch+json") return objects_.patch(target, PatchKind::json, *body, *options);
  if (type == "application/merge-patch+json") return objects_.patch(target, PatchKind::merge, *body, *options);
  if (type == "application/strategic-merge-patch+json")
    return objects_.patch(target, PatchKind::strategic, *body, *options);
  return refuse(415, "UnsupportedMediaType", "the body of the request was in an unknown format: " + type);
}

Service::Response Service::list(const Target& target, const Request& request) const {
  const auto selector = selector_of(target, request);
  if (!selector) return refused(selector.error());
  const auto token = query(request, "continue");
  const auto zero = token.find('|');
  if (!token.empty() && zero == std::string::npos) return refused({400, "BadRequest", "continue key is not valid"});
  const auto after =
      token.empty() ? std::pair<std::string, std::string>() : std::pair(token.substr(0, zero), token.substr(zero + 1));
  const auto fits = [&](const Object& object) { return selector->matches(object.body); };
  const auto listing = store_.list(target.kind->collection(), target.space,
                                   selector->all() ? std::function<bool(const Object&)>() : fits,
                                   number(query(request, "limit")), after);
  std::string next;
  if (listing.more)
    next = listing.objects.back()->meta_text("namespace") + "|" + listing.objects.back()->meta_text("name");
  return json_response(200, view_of(request).list(*target.kind, listing, next));
}

Service::Response Service::watch(const Target& target, const Request& request) const {
  auto selector = selector_of(target, request);
  if (!selector) return refused(selector.error());
  Watch::Request wanted{target, std::move(*selector), view_of(request)};
  const auto version = query(request, "resourceVersion");
  wanted.version = number(version);
  if (wanted.version > store_.version()) {
    return refused(
        {504, "Timeout", "Too large resource version: " + version + ", current: " + std::to_string(store_.version())});
  }
  wanted.initial_events_end = query(request, "sendInitialEvents") == "true";
  wanted.bookmarks = query(request, "allowWatchBookmarks") == "true";
  wanted.timeout = std::chrono::seconds(number(query(request, "timeoutSeconds"), 1800));
  auto out = json_response(200, "");
  out.stream = [&store = store_, wanted = std::move(wanted)](const Context& ctx, http::StreamWriter& writer) {
    Watch(store, wanted).run(ctx, writer);
  };
  return out;
}

Service::Response Service::erase(const Target& target, const Request& request) {
  const auto options = delete_options(request);
  if (!options) return refused(options.error());
  const auto uid = [](const Object& object) { return object.meta_text("uid"); };
  auto written = objects_.erase(target, *options);
  if (!written) return refused(written.error());
  if (!written->gone || target.kind->plural == "pods") return shown(request, *target.kind, *written);
  Json details = {{"name", target.name}, {"kind", target.kind->plural}, {"uid", uid(*written->object)}};
  if (!target.kind->group.empty()) details["group"] = target.kind->group;
  return json_response(200, dump_json(Json{{"kind", "Status"},
                                           {"apiVersion", "v1"},
                                           {"metadata", Json::object()},
                                           {"status", "Success"},
                                           {"details", details}}));
}

Service::Response Service::erase_collection(const Target& target, const Request& request) {
  const auto options = delete_options(request);
  if (!options) return refused(options.error());
  const auto selector = selector_of(target, request);
  if (!selector) return refused(selector.error());
  if (target.kind->namespaced && target.space.empty()) return method_not_allowed();
  const auto listing = store_.list(target.kind->collection(), target.space,
                                   [&](const Object& object) { return selector->matches(object.body); });
  for (const auto& object : listing.objects) {
    auto one = target;
    one.name = object->meta_text("name");
    const auto gone = objects_.erase(one, *options);
    if (!gone && gone.error().code != 404) return refused(gone.error());
  }
  return json_response(200, view_of(request).list(*target.kind, listing, ""));
}

Service::Response Service::on_finalize(const Target& target, const Request& request) {
  if (request.method != "PUT") return method_not_allowed();
  auto plain_target = target;
  plain_target.subresource.clear();
  auto body = body_of(request);
  if (!body) return refused(body.error());
  auto options = write_options(request);
  if (!options) return refused(options.error());
  const auto live = objects_.get(plain_target);
  if (!live) return refused(live.error());
  auto next = (*live)->body;
  next["spec"]["finalizers"] = body->value(Json::json_pointer("/spec/finalizers"), Json::array());
  auto written = objects_.update(plain_target, next, *options);
  return written ? shown(request, *target.kind, *written) : refused(written.error());
}

}  // namespace flux::sandbox
