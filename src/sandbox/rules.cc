#include "sandbox/rules.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <set>

#include "base/timestamp.h"

namespace flux::sandbox {

namespace {

std::mt19937_64& generator() {
  thread_local std::mt19937_64 out{std::random_device{}()};
  return out;
}

/// Compares two objects member by member, without those whose names are in `skipped`, and without copying.
template <class Same>
bool same_members(const Json& left, const Json& right, std::initializer_list<std::string_view> skipped, Same same) {
  const auto counts = [&](const std::string& name) {
    return std::find(skipped.begin(), skipped.end(), name) == skipped.end();
  };
  for (const auto& [name, value] : left.items()) {
    if (!counts(name)) continue;
    const auto other = right.find(name);
    if (other == right.end() || !same(name, value, *other)) return false;
  }
  for (const auto& [name, value] : right.items()) {
    if (counts(name) && !left.contains(name)) return false;
  }
  return true;
}

bool same_managed_fields(const Json& left, const Json& right) {
  const auto same_entry = [](const Json& one, const Json& other) {
    return same_members(one, other, {"time"}, [](auto&, auto& a, auto& b) { return a == b; });
  };
  return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(), same_entry);
}

}  // namespace

bool is_held(const Kind& kind, const Json& body) {
  const auto any = [&](const char* path) { return !body.value(Json::json_pointer(path), Json::array()).empty(); };
  return any("/metadata/finalizers") || (kind.group.empty() && kind.kind == "Namespace" && any("/spec/finalizers"));
}

bool has_generation(const Kind& kind) {
  static const std::set<std::string_view> with = {"CustomResourceDefinition",
                                                  "DaemonSet",
                                                  "Deployment",
                                                  "ReplicaSet",
                                                  "StatefulSet",
                                                  "CronJob",
                                                  "Job",
                                                  "Ingress",
                                                  "IngressClass",
                                                  "NetworkPolicy",
                                                  "PodDisruptionBudget",
                                                  "ReplicationController",
                                                  "PriorityClass",
                                                  "FlowSchema",
                                                  "PriorityLevelConfiguration",
                                                  "MutatingWebhookConfiguration",
                                                  "ValidatingWebhookConfiguration",
                                                  "ValidatingAdmissionPolicy",
                                                  "ValidatingAdmissionPolicyBinding",
                                                  "MutatingAdmissionPolicy",
                                                  "MutatingAdmissionPolicyBinding",
                                                  "EndpointSlice",
                                                  "Pod",
                                                  "CSIStorageCapacity"};
  return kind.custom || with.contains(kind.kind);
}

bool changes_intent(const Kind& kind, const Json& before, const Json& after) {
  const auto same = [](auto&, const Json& left, const Json& right) { return left == right; };
  const bool with_status = kind.custom && !kind.has_status;
  return with_status ? !same_members(before, after, {"metadata", "apiVersion"}, same)
                     : !same_members(before, after, {"metadata", "apiVersion", "status"}, same);
}

FieldSet reset_fields(const Kind& kind, const std::string& subresource) {
  FieldSet out;
  if (subresource == "status") {
    out.children["f:spec"].member = true;
    if (kind.custom) {
      out.children["f:metadata"].member = true;
    } else {
      out.children["f:metadata"].children["f:labels"].member = true;
    }
  } else if (kind.has_status) {
    out.children["f:status"].member = true;
  }
  return out;
}

void reset(const Kind& kind, const std::string& subresource, const Json* live, Json& body) {
  const auto put_back = [](const Json* from, Json& to, const char* name) {
    if (from != nullptr && from->contains(name)) {
      to[name] = from->at(name);
    } else {
      to.erase(name);
    }
  };
  if (subresource != "status") {
    if (kind.has_status) put_back(live, body, "status");
    return;
  }
  auto next = live == nullptr ? body : *live;
  put_back(&body, next, "status");
  if (!kind.custom) {
    next["metadata"] = body["metadata"];
    put_back(live == nullptr ? nullptr : &live->at("metadata"), next["metadata"], "labels");
  } else {
    put_back(&body["metadata"], next["metadata"], "managedFields");
  }
  body = std::move(next);
}

bool same_object(const Json& left, const Json& right) {
  const auto same_metadata = [](const std::string& name, const Json& one, const Json& other) {
    return name == "managedFields" ? same_managed_fields(one, other) : one == other;
  };
  return same_members(left, right, {"apiVersion"}, [&](const std::string& name, const Json& one, const Json& other) {
    return name == "metadata" ? same_members(one, other, {"resourceVersion"}, same_metadata) : one == other;
  });
}

void establish(Json& definition, const std::string& now) {
  auto& status = definition["status"];
  if (!status.is_object()) status = Json::object();
  const auto condition = [&](const char* type, const char* reason, const char* message) {
    return Json{
        {"type", type}, {"status", "True"}, {"reason", reason}, {"message", message}, {"lastTransitionTime", now}};
  };
  if (!status.contains("conditions") || status["conditions"].empty()) {
    status["conditions"] = {condition("NamesAccepted", "NoConflicts", "no conflicts found"),
                            condition("Established", "InitialNamesAccepted", "the initial names have been accepted")};
  }
  auto& names = definition["spec"]["names"];
  if (!names.contains("singular")) {
    auto singular = names.value("kind", "");
    std::transform(singular.begin(), singular.end(), singular.begin(), [](unsigned char c) { return std::tolower(c); });
    names["singular"] = singular;
  }
  if (!names.contains("listKind")) names["listKind"] = names.value("kind", "") + "List";
  if (!definition["spec"].contains("conversion")) definition["spec"]["conversion"] = {{"strategy", "None"}};
  status["acceptedNames"] = names;
  auto stored = status.value("storedVersions", Json::array());
  for (const auto& version : definition["spec"].value("versions", Json::array())) {
    const auto name = version.value("name", Json());
    if (version.value("storage", false) && std::find(stored.begin(), stored.end(), name) == stored.end())
      stored.push_back(name);
  }
  status["storedVersions"] = stored;
}

std::string now_text() {
  return format_timestamp(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

std::string random_uid() {
  char text[37];
  auto& random = generator();
  const auto high = random();
  const auto low = random();
  std::snprintf(text, sizeof text, "%08x-%04x-4%03x-%04x-%012llx", static_cast<unsigned>(high >> 32),
                static_cast<unsigned>(high >> 16 & 0xffff), static_cast<unsigned>(high & 0xfff),
                static_cast<unsigned>(0x8000 | (low >> 48 & 0x3fff)),
                static_cast<unsigned long long>(low & 0xffffffffffff));
  return text;
}

std::string random_suffix() {
  constexpr std::string_view letters = "bcdfghjklmnpqrstvwxz2456789";
  std::string out;
  for (int i = 0; i < 5; ++i) out += letters[generator()() % letters.size()];
  return out;
}

}  // namespace flux::sandbox
