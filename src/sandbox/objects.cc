#include "sandbox/objects.h"

#include "base/json.h"
#include "sandbox/conversion.h"
#include "sandbox/defaults.h"
#include "sandbox/normalise.h"
#include "sandbox/patch/plain.h"
#include "sandbox/patch/strategic.h"
#include "sandbox/rules.h"
#include "sandbox/shape.h"
#include "sandbox/validate.h"
#include "sandbox/validate_custom.h"

namespace flux::sandbox {

namespace {

using Pointer = Json::json_pointer;

std::string meta_text(const Json& body, const char* name) {
  const auto metadata = body.find("metadata");
  if (metadata == body.end() || !metadata->is_object()) return {};
  const auto found = metadata->find(name);
  return found != metadata->end() && found->is_string() ? found->get<std::string>() : std::string();
}

Status cannot_read(const Kind& kind, const std::string& why) {
  return Status{400, "BadRequest",
                kind.kind + " in version \"" + kind.version + "\" cannot be handled as a " + kind.kind + ": " + why};
}

/// A patch whose outcome cannot be read is the patch's fault.
Status as_patch_error(Status status) {
  const auto at = status.message.find("strict decoding error");
  if (status.code != 400 || at == std::string::npos) return status;
  const auto why = status.message.substr(at);
  return {422,
          "Invalid",
          " \"\" is invalid: patch: " + why,
          {{"causes", {{{"reason", "FieldValueInvalid"}, {"field", "patch"}, {"message", why}}}}}};
}

void keep_from(const Json& live, Json& body) {
  for (const auto* name : {"uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds",
                           "resourceVersion", "name", "namespace", "generateName"}) {
    const auto found = live["metadata"].find(name);
    if (found != live["metadata"].end()) {
      body["metadata"][name] = *found;
    } else {
      body["metadata"].erase(name);
    }
  }
}

}  // namespace

/// An object on its way into the store.
struct Objects::Draft {
  Json body;
  std::vector<std::string> warnings;
  bool applied = false;  ///< ownership is settled already
};

Answer<ObjectPtr> Objects::get(const Target& target) const {
  auto object = store_.get(target.place());
  if (!object) return refuse_missing(*target.kind, target.name);
  return object;
}

Writer Objects::writer(const Target& target, const WriteOptions& options) const {
  return {options.manager, target.kind->api_version(), target.subresource, now_text()};
}

Ownership Objects::ownership(const Target& target) const {
  return {*target.kind->type, reset_fields(*target.kind, target.subresource)};
}

Answer<void> Objects::check_identity(const Target& target, Json& body) const {
  if (!body.is_object()) return refuse_request("the object provided is not a JSON object");
  if (!body.contains("metadata") || body["metadata"].is_null()) body["metadata"] = Json::object();
  if (!body["metadata"].is_object()) return Refusal(cannot_read(*target.kind, "metadata is not an object"));
  const auto kind = body.value("kind", Json(target.kind->kind));
  const auto version = body.value("apiVersion", Json(target.kind->api_version()));
  if (kind != target.kind->kind) {
    return refuse_request("the kind in the data (" + dump_json(kind) + ") does not match the expected kind (" +
                          target.kind->kind + ")");
  }
  if (version != target.kind->api_version()) {
    return refuse_request("the API version in the data (" +
                          (version.is_string() ? version.get<std::string>() : dump_json(version)) +
                          ") does not match the expected API version (" + target.kind->api_version() + ")");
  }
  to_shared_shape(*target.kind, body);
  body["kind"] = target.kind->kind;
  body["apiVersion"] = target.kind->api_version();
  const auto space = meta_text(body, "namespace");
  if (!space.empty() && space != target.space) {
    return refuse_request("the namespace of the provided object does not match the namespace sent on the request");
  }
  if (!target.space.empty()) body["metadata"]["namespace"] = target.space;
  const auto name = meta_text(body, "name");
  if (!target.name.empty() && !name.empty() && name != target.name) {
    return refuse_request("the name of the object (" + name + ") does not match the name on the URL (" + target.name +
                          ")");
  }
  if (!target.name.empty()) body["metadata"]["name"] = target.name;
  return {};
}

Answer<void> Objects::check_namespace(const Target& target) const {
  if (!target.kind->namespaced) return {};
  const auto space = store_.get({"namespaces.", "", target.space});
  if (!space) return refuse_missing(*kinds_.find("", "v1", "namespaces"), target.space);
  if (!space->deleting()) return {};
  auto refusal = refuse(403, "Forbidden",
                        qualified(*target.kind) + " \"" + target.name +
                            "\" is forbidden: unable to create new content in namespace " + target.space +
                            " because it is being terminated");
  refusal.value().details = {{"name", target.name},
                             {"kind", target.kind->plural},
                             {"causes",
                              {{{"reason", "NamespaceTerminating"},
                                {"message", "namespace " + target.space + " is being terminated"},
                                {"field", "metadata.namespace"}}}}};
  return refusal;
}

/// Makes a draft what the server would store: shape, defaults, checks, versions. Ownership comes last, as it sees the
/// defaults too, except for an apply, where it came first.
Answer<void> Objects::finish(const Target& target, const Object* live, Draft& draft,
                             const WriteOptions& options) const {
  const auto& kind = *target.kind;
  const auto* before = live == nullptr ? nullptr : &live->body;
  auto& body = draft.body;
  if (const auto errors = shape_errors(body, *kind.type); !errors.empty() && !kind.custom)
    return Refusal(cannot_read(kind, errors.front()));
  std::vector<std::string> unknown;
  normalise(body, *kind.type, "", unknown);
  if (!unknown.empty() && options.unknown != WriteOptions::Unknown::ignore) {
    for (const auto& path : unknown) draft.warnings.push_back("unknown field \"" + path + "\"");
    if (options.unknown == WriteOptions::Unknown::refuse) {
      std::string all;
      for (const auto& warning : draft.warnings) all += (all.empty() ? "" : ", ") + warning;
      return Refusal(cannot_read(kind, "strict decoding error: " + all));
    }
  }
  if (before == nullptr) {
    auto& metadata = body["metadata"];
    metadata["uid"] = random_uid();
    metadata["creationTimestamp"] = now_text();
    for (const auto* name : {"deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink"})
      metadata.erase(name);
    if (has_generation(kind)) metadata["generation"] = 1;
  } else {
    keep_from(*before, body);
  }
  reset(kind, target.subresource, before, body);
  add_defaults(kind, before, body);
  normalise(body, *kind.type, "", unknown);
  if (auto valid = validate(kind, before, body); !valid) return valid;
  if (kind.custom) {
    if (auto valid = validate_custom(kind, body); !valid) return valid;
  }
  if (kind.kind == "CustomResourceDefinition" && !kind.custom) establish(body, now_text());
  if (before != nullptr && has_generation(kind) && changes_intent(kind, *before, body)) {
    body["metadata"]["generation"] = body["metadata"].value("generation", 0) + 1;
  }
  if (!draft.applied) {
    const auto base = before == nullptr ? skeleton_of(*kind.type) : *before;
    body["metadata"]["managedFields"] = ownership(target).after_update(base, body, writer(target, options));
  }
  if (body["metadata"]["managedFields"].empty()) body["metadata"].erase("managedFields");
  allocate(kind, before, body);
  return {};
}

Answer<std::optional<Written>> Objects::commit(const Target& target, const ObjectPtr& live, Draft draft,
                                               const WriteOptions& options) {
  const auto done = [&](ObjectPtr object, bool created, bool gone) {
    return std::optional(Written{std::move(object), created, gone, std::move(draft.warnings)});
  };
  if (live && same_object(live->body, draft.body)) return done(live, false, false);
  if (options.dry_run) {
    auto object = std::make_shared<Object>();
    object->body = std::move(draft.body);
    return done(object, !live, false);
  }
  if (live && live->deleting() && !is_held(*target.kind, draft.body)) {
    auto last = store_.remove(target.place(), live);
    if (!last) return std::optional<Written>();
    if (target.kind->kind == "CustomResourceDefinition" && !target.kind->custom) kinds_.define(target.name, {});
    auto shown = std::make_shared<Object>();
    shown->body = std::move(draft.body);
    return done(shown, false, true);
  }
  if (target.kind->kind == "CustomResourceDefinition" && !target.kind->custom) define(target, draft.body);
  auto object = store_.put(target.place(), live, std::move(draft.body));
  if (!object) return std::optional<Written>();
  return done(object, !live, false);
}

void Objects::define(const Target& target, const Json& body) { kinds_.define(target.name, kinds_of_definition(body)); }

Answer<Written> Objects::create(const Target& to, Json body, const WriteOptions& options) {
  auto target = to;
  if (auto ok = check_identity(target, body); !ok) return Refusal(ok.error());
  if (!meta_text(body, "resourceVersion").empty())
    return refuse_request("resourceVersion should not be set on objects to be created");
  if (target.name.empty()) target.name = meta_text(body, "name");
  const auto prefix = meta_text(body, "generateName");
  const bool generated = target.name.empty() && !prefix.empty();
  if (target.name.empty() && !generated) {
    auto refusal =
        refuse_invalid(*target.kind, "", "metadata.name", "Required value: name or generateName is required");
    refusal.value().details["causes"][0]["reason"] = "FieldValueRequired";
    return refusal;
  }
  for (int attempt = 0; attempt < attempts; ++attempt) {
    if (generated) target.name = prefix + random_suffix();
    if (auto ok = check_namespace(target); !ok) return Refusal(ok.error());
    if (store_.get(target.place())) {
      if (generated) continue;
      return refuse_existing(*target.kind, target.name);
    }
    Draft draft{body, {}, false};
    draft.body["metadata"]["name"] = target.name;
    if (auto ok = finish(target, nullptr, draft, options); !ok) return Refusal(ok.error());
    auto written = commit(target, nullptr, std::move(draft), options);
    if (!written) return Refusal(written.error());
    if (*written) return std::move(**written);
  }
  return refuse_existing(*target.kind, target.name);
}

Answer<std::optional<Written>> Objects::try_replace(const Target& target, const ObjectPtr& live, Json next,
                                                    const WriteOptions& options) {
  if (auto ok = check_identity(target, next); !ok) return Refusal(ok.error());
  const auto version = meta_text(next, "resourceVersion");
  if (!version.empty() && version != live->meta_text("resourceVersion")) return refuse_stale(*target.kind, target.name);
  const auto uid = meta_text(next, "uid");
  if (!uid.empty() && uid != live->meta_text("uid")) {
    return refuse_conflict(
        *target.kind, target.name,
        "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + live->meta_text("uid"));
  }
  Draft draft{std::move(next), {}, false};
  if (auto ok = finish(target, live.get(), draft, options); !ok) return Refusal(ok.error());
  return commit(target, live, std::move(draft), options);
}

Answer<Written> Objects::update(const Target& target, const Json& body, const WriteOptions& options) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    auto live = get(target);
    if (!live) return Refusal(live.error());
    auto written = try_replace(target, *live, body, options);
    if (!written) return Refusal(written.error());
    if (*written) return std::move(**written);
  }
  return refuse_stale(*target.kind, target.name);
}

Answer<Written> Objects::patch(const Target& target, PatchKind how, const Json& patch, const WriteOptions& options) {
  if (how == PatchKind::strategic && target.kind->custom) {
    return refuse(415, "UnsupportedMediaType",
                  "the body of the request was in an unknown format - accepted media types include: "
                  "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
  }
  for (int attempt = 0; attempt < attempts; ++attempt) {
    auto live = get(target);
    if (!live) return Refusal(live.error());
    const auto& before = (*live)->body;
    auto next = how == PatchKind::json    ? json_patched(before, patch)
                : how == PatchKind::merge ? Answer<Json>(merge_patched(before, patch))
                                          : strategic_patched(before, patch, *target.kind->type);
    if (!next) return Refusal(next.error());
    auto written = try_replace(target, *live, std::move(*next), options);
    if (!written) return Refusal(as_patch_error(written.error()));
    if (*written) return std::move(**written);
  }
  return refuse_stale(*target.kind, target.name);
}

Answer<std::optional<Written>> Objects::try_apply(const Target& target, const Json& config,
                                                  const WriteOptions& options) {
  const auto& kind = *target.kind;
  const auto live = store_.get(target.place());
  const auto uid = meta_text(config, "uid");
  const auto version = meta_text(config, "resourceVersion");
  if (!live && !target.subresource.empty()) return refuse_missing(kind, target.name);
  if (!live && !uid.empty()) {
    return refuse_conflict(
        kind, target.name,
        "uid mismatch: the provided object specified uid " + uid + ", and no existing object was found");
  }
  if (live && !version.empty() && version != live->meta_text("resourceVersion")) return refuse_stale(kind, target.name);
  if (live && !uid.empty() && uid != live->meta_text("uid")) {
    return refuse_conflict(
        kind, target.name,
        "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + live->meta_text("uid"));
  }
  if (!live) {
    if (auto ok = check_namespace(target); !ok) return Refusal(ok.error());
  }
  const auto base = live ? Json() : skeleton_of(*kind.type);
  auto next = ownership(target).after_apply(live ? live->body : base, config, writer(target, options), options.force);
  if (!next) return Refusal(next.error());
  Draft draft{std::move(*next), {}, true};
  if (auto ok = finish(target, live.get(), draft, options); !ok) return Refusal(ok.error());
  return commit(target, live, std::move(draft), options);
}

Answer<Written> Objects::apply(const Target& target, const Json& sent, const WriteOptions& options) {
  auto config = sent;
  if (options.manager.empty()) {
    return refuse(
        422, "Invalid",
        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
  }
  if (!config.is_object() || !config.contains("apiVersion") || !config.contains("kind")) {
    return refuse_request("error decoding YAML: apiVersion and kind must be set in an apply patch");
  }
  if (auto ok = check_identity(target, config); !ok) return Refusal(ok.error());
  const auto managed = config["metadata"].value("managedFields", Json());
  if (!managed.is_null() && !managed.empty()) return refuse_request("metadata.managedFields must be nil");
  config["metadata"].erase("managedFields");
  auto errors = shape_errors(config, *target.kind->type);
  if (errors.empty()) (void)fields_of(config, *target.kind->type, &errors);
  if (!errors.empty()) {
    const auto where = meta_text(sent, "namespace") + "/" + target.name;
    return refuse(500, "",
                  "failed to create typed patch object (" + where + "; " + target.kind->group + "/" +
                      target.kind->version + ", Kind=" + target.kind->kind + "): " + errors.front());
  }
  for (int attempt = 0; attempt < attempts; ++attempt) {
    auto written = try_apply(target, config, options);
    if (!written) return Refusal(written.error());
    if (*written) return std::move(**written);
  }
  return refuse_stale(*target.kind, target.name);
}

}  // namespace flux::sandbox
