#include "sandbox/validate.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/json.h"
#include "sandbox/selector.h"

namespace flux::sandbox {

namespace {

using Pointer = Json::json_pointer;

constexpr auto subdomain_rule =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end "
    "with an alphanumeric character (e.g. 'example.com')";

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

bool is_subdomain(const std::string& name) {
  const auto fits = [](char c) {
    return (is_word(c) && !std::isupper(static_cast<unsigned char>(c))) || c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), fits) && is_word(name.front()) &&
         is_word(name.back()) && name.find("..") == std::string::npos;
}

bool is_label_text(const std::string& value) {
  const auto fits = [](char c) { return is_word(c) || c == '-' || c == '_' || c == '.'; };
  return value.size() <= 63 && std::all_of(value.begin(), value.end(), fits) &&
         (value.empty() || (is_word(value.front()) && is_word(value.back())));
}

bool is_label_key(const std::string& key) {
  const auto slash = key.find('/');
  const auto name = slash == std::string::npos ? key : key.substr(slash + 1);
  return !name.empty() && is_label_text(name) && (slash == std::string::npos || is_subdomain(key.substr(0, slash)));
}

/// Collects what is wrong with one object, each with its field, as a real server does.
class Checker {
 public:
  Checker(const Kind& kind, const Json* live, const Json& body) : kind_(kind), live_(live), body_(body) {}

  Answer<void> run() {
    names();
    if (!kind_.custom) builtin();
    if (causes_.empty()) return {};
    const auto name = body_["metadata"].value("name", "");
    auto refusal = refuse_invalid(kind_, name, "", "").value();
    std::string all;
    for (const auto& cause : causes_) {
      all += (all.empty() ? "" : ", ") + cause["field"].get<std::string>() + ": " + cause["message"].get<std::string>();
    }
    if (causes_.size() > 1) all = "[" + all + "]";
    refusal.message =
        kind_.kind + (kind_.group.empty() ? "" : "." + kind_.group) + " \"" + name + "\" is invalid: " + all;
    refusal.details["causes"] = causes_;
    return Refusal(std::move(refusal));
  }

 private:
  void complain(const char* reason, const std::string& field, const std::string& message) {
    causes_.push_back({{"reason", reason}, {"field", field}, {"message", message}});
  }
  void invalid(const std::string& field, const Json& value, const std::string& why) {
    complain("FieldValueInvalid", field, "Invalid value: " + dump_json(value) + ": " + why);
  }
  void required(const std::string& field, const std::string& why = "") {
    complain("FieldValueRequired", field, "Required value" + (why.empty() ? "" : ": " + why));
  }
  [[nodiscard]] Json at(const char* path) const { return body_.value(Pointer(path), Json()); }
  [[nodiscard]] Json before(const char* path) const {
    return live_ == nullptr ? Json() : live_->value(Pointer(path), Json());
  }

  void immutable(const char* path, const std::string& field, const std::string& why = "field is immutable") {
    if (live_ != nullptr && before(path) != at(path)) invalid(field, at(path), why);
  }

  void names() {
    const auto name = body_["metadata"].value("name", "");
    if (kind_.group == "rbac.authorization.k8s.io") {
      if (name.find_first_of("/%") != std::string::npos) invalid("metadata.name", name, "may not contain '/' or '%'");
    } else if (!is_subdomain(name)) {
      invalid("metadata.name", name, subdomain_rule);
    }
    labels("/metadata/labels", "metadata.labels");
    const auto annotations = at("/metadata/annotations");
    for (const auto& [key, value] : annotations.items()) {
      if (!is_label_key(key) && !is_label_key(lowered(key)))
        invalid("metadata.annotations", key, "name part must be a qualified name");
    }
  }

  static std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
  }

  void labels(const char* path, const std::string& field) {
    const auto all = at(path);
    for (const auto& [key, value] : all.items()) {
      if (!is_label_key(key)) invalid(field, key, "name part must be a qualified name");
      if (!value.is_string() || !is_label_text(value)) {
        invalid(
            field, value,
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
            "start and end with an alphanumeric character");
      }
    }
  }

  void builtin() {
    static const std::set<std::string_view> workloads = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"};
    const auto& name = kind_.kind;
    if (workloads.contains(name)) workload();
    if (name == "Pod") containers("/spec/containers", "spec.containers");
    if (name == "StatefulSet") stateful_set();
    if (name == "Job") {
      containers("/spec/template/spec/containers", "spec.template.spec.containers");
      if (live_ != nullptr && before("/spec/template/spec") != at("/spec/template/spec")) {
        invalid("spec.template", at("/spec/template"), "field is immutable");
      }
    }
    if (name == "CronJob") {
      containers("/spec/jobTemplate/spec/template/spec/containers", "spec.jobTemplate.spec.template.spec.containers");
      if (at("/spec/schedule").is_null()) required("spec.schedule");
    }
    if (name == "Service") service();
    if (name.ends_with("RoleBinding")) immutable("/roleRef", "roleRef", "cannot change roleRef");
    if (name == "Secret") immutable("/type", "type");
    if ((name == "ConfigMap" || name == "Secret") && before("/immutable") == true) {
      for (const auto* path : {"/data", "/binaryData", "/immutable"}) {
        if (before(path) != at(path))
          complain("FieldValueForbidden", path + 1, "Forbidden: field is immutable when `immutable` is set");
      }
    }
    if (name == "PersistentVolumeClaim") claim();
    if (name == "CustomResourceDefinition") definition();
  }

  void workload() {
    const auto selector = at("/spec/selector");
    const auto labels_of_template = at("/spec/template/metadata/labels");
    if (selector.is_null() || selector.empty()) required("spec.selector");
    if (selector.is_null() || !selects(selector, labels_of_template)) {
      invalid("spec.template.metadata.labels", labels_of_template, "`selector` does not match template `labels`");
    }
    immutable("/spec/selector", "spec.selector");
    containers("/spec/template/spec/containers", "spec.template.spec.containers");
    labels("/spec/template/metadata/labels", "spec.template.labels");
    const auto replicas = at("/spec/replicas");
    if (replicas.is_number() && replicas < 0) invalid("spec.replicas", replicas, "must be greater than or equal to 0");
  }

  void containers(const char* path, const std::string& field) {
    const auto list = at(path);
    if (!list.is_array() || list.empty()) return required(field);
    std::set<std::string> seen;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto where = field + "[" + std::to_string(i) + "]";
      const auto name = list[i].value("name", "");
      if (name.empty()) required(where + ".name");
      if (!name.empty() && !seen.insert(name).second)
        complain("FieldValueDuplicate", where + ".name", "Duplicate value: \"" + name + "\"");
      if (list[i].value("image", "").empty()) required(where + ".image");
    }
  }

  void stateful_set() {
    if (live_ == nullptr) return;
    auto old_spec = before("/spec");
    auto new_spec = at("/spec");
    for (const auto* name : {"replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
                             "minReadySeconds", "persistentVolumeClaimRetentionPolicy", "selector"}) {
      old_spec.erase(name);
      new_spec.erase(name);
    }
    if (old_spec != new_spec) {
      complain(
          "FieldValueForbidden", "spec",
          "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
          "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are "
          "forbidden");
    }
  }

  void service() {
    const bool needs_ports = at("/spec/type") != "ExternalName" && at("/spec/clusterIP") != "None";
    const auto ports = at("/spec/ports");
    if (needs_ports && (!ports.is_array() || ports.empty())) required("spec.ports");
    if (at("/spec/type") == "ExternalName" && at("/spec/externalName").is_null()) required("spec.externalName");
    if (needs_ports && before("/spec/type") != "ExternalName") {
      const auto old_address = before("/spec/clusterIP");
      if (!old_address.is_null() && !at("/spec/clusterIP").is_null() && old_address != at("/spec/clusterIP")) {
        immutable("/spec/clusterIP", "spec.clusterIP", "may not change once set");
      }
    }
    for (std::size_t i = 0; ports.is_array() && i < ports.size() && ports.size() > 1; ++i) {
      if (ports[i].value("name", "").empty()) required("spec.ports[" + std::to_string(i) + "].name");
    }
  }

  void claim() {
    if (live_ == nullptr) return;
    auto old_spec = before("/spec");
    auto new_spec = at("/spec");
    for (const auto* name : {"resources", "volumeAttributesClassName", "volumeName"}) {
      old_spec.erase(name);
      new_spec.erase(name);
    }
    if (old_spec != new_spec) {
      complain("FieldValueForbidden", "spec",
               "Forbidden: spec is immutable after creation except resources.requests and "
               "volumeAttributesClassName for bound claims");
    }
  }

  void definition() {
    const auto wanted = at("/spec/names/plural").is_string() && at("/spec/group").is_string()
                            ? at("/spec/names/plural").get<std::string>() + "." + at("/spec/group").get<std::string>()
                            : std::string();
    if (wanted.empty()) return required("spec.names.plural, spec.group");
    if (at("/metadata/name") != wanted) {
      invalid("metadata.name", at("/metadata/name"), "must be spec.names.plural+\".\"+spec.group");
    }
    if (at("/spec/names/kind").is_null()) required("spec.names.kind");
    if (at("/spec/scope") != "Namespaced" && at("/spec/scope") != "Cluster") {
      complain(
          "FieldValueNotSupported", "spec.scope",
          "Unsupported value: " + dump_json(at("/spec/scope")) + ": supported values: \"Cluster\", \"Namespaced\"");
    }
    const auto versions = at("/spec/versions");
    int stored = 0;
    for (std::size_t i = 0; versions.is_array() && i < versions.size(); ++i) {
      stored += versions[i].value("storage", false) ? 1 : 0;
      if (!versions[i].contains("name")) required("spec.versions[" + std::to_string(i) + "].name");
      if (!versions[i].contains(Pointer("/schema/openAPIV3Schema"))) {
        required("spec.versions[" + std::to_string(i) + "].schema.openAPIV3Schema", "schemas are required");
      }
    }
    if (stored != 1)
      invalid("spec.versions", versions.size(), "must have exactly one version marked as storage version");
    immutable("/spec/scope", "spec.scope");
  }

  const Kind& kind_;
  const Json* live_;
  const Json& body_;
  Json causes_ = Json::array();
};

}  // namespace

Answer<void> validate(const Kind& kind, const Json* live, const Json& body) {
  try {
    return Checker(kind, live, body).run();
  } catch (const Json::exception& error) {
    return refuse_request(kind.kind + " in version \"" + kind.version + "\" cannot be handled as a " + kind.kind +
                          ": " + error.what());
  }
}

}  // namespace flux::sandbox
