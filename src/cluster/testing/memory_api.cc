#include "cluster/testing/memory_api.h"

#include <fmt/format.h>

#include <algorithm>

#include "cluster/object.h"
#include "cluster/scripted_transport.h"

namespace flux::cluster::testing {
namespace {

MemoryApi::Answer refuse(int status, std::string_view reason, std::string_view message) {
  return respond(
      status,
      dump_json(
          Json{{"kind", "Status"}, {"status", "Failure"}, {"reason", reason}, {"message", message}, {"code", status}}));
}

std::string path_of(const std::string& url) {
  const auto begin = url.find('/', url.find("//") + 2);
  return url.substr(begin, url.find('?') - begin);
}

std::string query_of(const std::string& url, std::string_view key) {
  const auto at = url.find(fmt::format("{}=", key));
  if (at == std::string::npos) return {};
  const auto begin = at + key.size() + 1;
  return url.substr(begin, url.find('&', begin) - begin);
}

std::vector<std::string> segments_of(const std::string& path) {
  std::vector<std::string> segments;
  for (std::size_t begin = 1; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    segments.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

std::string text_at(const Json& object, std::initializer_list<const char*> keys) {
  const auto* at = &object;
  for (const auto* key : keys) {
    const auto found = at->find(key);
    if (found == at->end()) return {};
    at = &*found;
  }
  return at->is_string() ? at->get<std::string>() : std::string();
}

bool is_marked(const Json& object) {
  return !text_at(object, {"metadata", "labels", std::string(kGcMarkLabel).c_str()}).empty();
}

Json verbs_of(const Resource& resource) {
  Json verbs = Json::array();
  if (resource.can_list) verbs.push_back("list");
  if (resource.can_watch) verbs.push_back("watch");
  if (resource.can_patch) verbs.push_back("patch");
  if (resource.can_delete) verbs.push_back("delete");
  return verbs;
}

/// Everything but what the server itself keeps in metadata.
Json content_of(Json object) {
  auto& metadata = object["metadata"];
  for (const auto* key : {"uid", "resourceVersion", "generation", "managedFields"}) metadata.erase(key);
  return object;
}

Json fields_of(const Json& object) {
  Json fields = Json::object();
  for (const auto& [key, value] : object.items())
    if (key != "apiVersion" && key != "kind" && key != "metadata")
      fields["f:" + key] = value.is_object() ? fields_of(value) : Json::object();
  return fields;
}

}  // namespace

MemoryApi::MemoryApi() : MemoryApi({kConfigMaps, kNamespaces, kDeployments, kDefinitions}) {}

void MemoryApi::intercept(std::function<std::optional<Answer>(const Request&)> instead) {
  const std::lock_guard lock(mutex_);
  instead_ = std::move(instead);
}

void MemoryApi::serve(const Resource& resource) {
  const std::lock_guard lock(mutex_);
  served_.push_back(resource);
}

void MemoryApi::put(const std::string& path, const Json& object) {
  const std::lock_guard lock(mutex_);
  if (const auto place = find_place(path)) store(path, *place, object);
}

void MemoryApi::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  erase(path);
}

std::optional<Json> MemoryApi::object(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(path);
  return found == objects_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> MemoryApi::paths() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> paths;
  for (const auto& [path, object] : objects_) paths.push_back(path);
  return paths;
}

std::vector<std::string> MemoryApi::writes() const {
  const std::lock_guard lock(mutex_);
  return writes_;
}

std::vector<std::string> MemoryApi::reads() const {
  const std::lock_guard lock(mutex_);
  return reads_;
}

void MemoryApi::forget_requests() {
  const std::lock_guard lock(mutex_);
  writes_.clear();
  answered_writes_ = 0;
  reads_.clear();
}

void MemoryApi::start(const Bounded& ctx, Request request, Done done) {
  if (ctx.done()) return done(Failure(ctx.check().error()));
  const bool writes = request.method != "GET";
  auto answered = answer(request);
  if (writes) {
    const std::lock_guard lock(mutex_);
    ++answered_writes_;
    written_.notify_all();
  }
  done(std::move(answered));
}

bool MemoryApi::wait_for_writes(std::size_t count) const {
  std::unique_lock lock(mutex_);
  return written_.wait_for(lock, std::chrono::minutes(1), [&] { return answered_writes_ >= count; });
}

MemoryApi::Answer MemoryApi::answer(const Request& request) {
  const auto path = path_of(request.url);
  std::function<std::optional<Answer>(const Request&)> instead;
  {
    const std::lock_guard lock(mutex_);
    if (request.method == "GET")
      reads_.push_back("GET " + request.url.substr(request.url.find('/', request.url.find("//") + 2)));
    else
      writes_.push_back(request.method + " " + path);
    instead = instead_;
  }
  // Without the lock: it may change the cluster.
  if (instead)
    if (auto answer = instead(request)) return std::move(*answer);

  const std::lock_guard lock(mutex_);
  if (path == "/api" || path == "/apis") return discovery(path == "/api");
  const auto place = find_place(path);
  if (!place) return refuse(404, "NotFound", "the server could not find the requested resource");
  if (place->name.empty()) return list(*place, !query_of(request.url, "labelSelector").empty());
  if (request.method == "PATCH") return apply(path, *place, request.body);
  const auto found = objects_.find(path);
  if (found == objects_.end())
    return refuse(404, "NotFound", fmt::format("{} \"{}\" not found", place->resource.plural, place->name));
  if (request.method == "DELETE") return remove_as_asked(path, request.body);
  return respond(200, dump_json(found->second));
}

MemoryApi::Answer MemoryApi::discovery(bool core) const {
  std::map<std::string, std::map<std::string, Json>> groups;
  for (const auto& resource : served_) {
    const auto slash = resource.type.api_version.find('/');
    if ((slash == std::string::npos) != core) continue;
    const auto group = core ? std::string() : resource.type.api_version.substr(0, slash);
    const auto version = core ? resource.type.api_version : resource.type.api_version.substr(slash + 1);
    auto& resources = groups[group][version];
    resources.push_back({{"resource", resource.plural},
                         {"scope", resource.namespaced ? "Namespaced" : "Cluster"},
                         {"responseKind", {{"group", group}, {"version", version}, {"kind", resource.type.kind}}},
                         {"verbs", verbs_of(resource)}});
  }
  Json items = Json::array();
  for (const auto& [group, versions] : groups) {
    Json of_group = Json::array();
    for (const auto& [version, resources] : versions)
      of_group.push_back({{"version", version}, {"freshness", "Current"}, {"resources", resources}});
    items.push_back({{"metadata", {{"name", group}}}, {"versions", of_group}});
  }
  return respond(200, dump_json(Json{{"kind", "APIGroupDiscoveryList"}, {"items", items}}));
}

MemoryApi::Answer MemoryApi::list(const Place& place, bool marked_only) const {
  Json items = Json::array();
  for (const auto& [path, object] : objects_) {
    const auto of = find_place(path);
    if (!of || of->resource.group_resource() != place.resource.group_resource()) continue;
    if (!place.ns.empty() && of->ns != place.ns) continue;
    if (!marked_only || is_marked(object)) items.push_back(object);
  }
  return respond(200, dump_json(Json{{"metadata", {{"resourceVersion", std::to_string(version_)}}}, {"items", items}}));
}

MemoryApi::Answer MemoryApi::apply(const std::string& path, const Place& place, const std::string& body) {
  auto object = parse_json(body);
  if (!object) return refuse(400, "BadRequest", "error decoding the body");
  if (object->is_array()) {  // a JSON patch
    store(path, place, objects_.at(path).patch(*object));
    return respond(200, dump_json(objects_.at(path)));
  }
  auto& metadata = (*object)["metadata"];
  metadata["managedFields"] =
      Json::array({{{"manager", kFieldManager}, {"operation", "Apply"}, {"fieldsV1", fields_of(*object)}}});
  if (const auto found = objects_.find(path);
      found == objects_.end() || content_of(found->second) != content_of(*object))
    store(path, place, std::move(*object));
  return respond(200, dump_json(objects_.at(path)));
}

MemoryApi::Answer MemoryApi::remove_as_asked(const std::string& path, const std::string& body) {
  const auto& object = objects_.at(path);
  const auto asked = parse_json(body).value_or(Json::object());
  for (const auto* key : {"uid", "resourceVersion"})
    if (const auto wanted = text_at(asked, {"preconditions", key});
        !wanted.empty() && wanted != text_at(object, {"metadata", key}))
      return refuse(409, "Conflict", fmt::format("the {} in the precondition ({}) is another one", key, wanted));
  erase(path);
  return respond(200, R"({"kind":"Status","status":"Success"})");
}

void MemoryApi::store(const std::string& path, const Place& place, Json object) {
  const auto before = objects_.find(path);
  const bool is_new = before == objects_.end();
  const bool was_marked = !is_new && is_marked(before->second);
  ++version_;
  auto& metadata = object["metadata"];
  metadata["name"] = place.name;
  if (!place.ns.empty()) metadata["namespace"] = place.ns;
  metadata["uid"] = is_new ? fmt::format("uid-{}", version_) : text_at(before->second, {"metadata", "uid"});
  metadata["resourceVersion"] = std::to_string(version_);
  const auto* type = is_new ? "ADDED" : was_marked && !is_marked(object) ? "DELETED" : "MODIFIED";
  const auto& stored = objects_[path] = std::move(object);
  emit({version_, type, place.resource.group_resource(), stored});
}

void MemoryApi::erase(const std::string& path) {
  const auto found = objects_.find(path);
  if (found == objects_.end()) return;
  auto object = std::move(found->second);
  objects_.erase(found);
  object["metadata"]["resourceVersion"] = std::to_string(++version_);
  emit({version_, "DELETED", find_place(path)->resource.group_resource(), std::move(object)});
}

void MemoryApi::emit(Event event) {
  const auto line = dump_json(Json{{"type", event.type}, {"object", event.object}}) + "\n";
  for (const auto& stream : streams_) {
    if (stream.stop.stop_requested() || stream.place.resource.group_resource() != event.group_resource) continue;
    if (!stream.place.ns.empty() && stream.place.ns != text_at(event.object, {"metadata", "namespace"})) continue;
    if (stream.marked_only && event.type != "DELETED" && !is_marked(event.object)) continue;
    stream.send(line);
  }
  history_.push_back(std::move(event));
}

void MemoryApi::start_stream(const Context& ctx, Request request, OnData on_data, Duration, Done done) {
  const auto path = path_of(request.url);
  const std::lock_guard lock(mutex_);
  auto place = find_place(path);
  if (!place) return done(refuse(404, "NotFound", "the server could not find the requested resource"));
  // What happened between the list and this watch comes first.
  auto missed = std::move(history_);
  history_.clear();
  auto others = std::move(streams_);
  streams_ = {
      {std::move(*place), !query_of(request.url, "labelSelector").empty(), std::move(on_data), ctx.stop_token()}};
  const auto from = query_of(request.url, "resourceVersion");
  for (auto& event : missed)
    if (event.version > (from.empty() ? 0 : std::stoull(from)))
      emit(std::move(event));
    else
      history_.push_back(std::move(event));
  streams_.insert(streams_.begin(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
}

std::optional<MemoryApi::Place> MemoryApi::find_place(const std::string& path) const {
  auto rest = segments_of(path);
  if (rest.size() < 3) return std::nullopt;
  const bool core = rest[0] == "api";
  const auto api_version = core ? rest[1] : rest[1] + "/" + rest[2];
  rest.erase(rest.begin(), rest.begin() + (core ? 2 : 3));
  Place place;
  if (rest.size() > 2 && rest[0] == "namespaces") {
    place.ns = rest[1];
    rest.erase(rest.begin(), rest.begin() + 2);
  }
  const auto found = std::ranges::find_if(served_, [&](const Resource& resource) {
    return !rest.empty() && resource.type.api_version == api_version && resource.plural == rest[0];
  });
  if (found == served_.end() || rest.size() > 2) return std::nullopt;
  place.resource = *found;
  if (rest.size() == 2) place.name = rest[1];
  return place;
}

}  // namespace flux::cluster::testing
