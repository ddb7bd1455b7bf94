#include "sandbox/rollout.h"

#include <algorithm>

#include "base/json.h"
#include "sandbox/rules.h"

namespace flux::sandbox {

namespace {

using Pointer = Json::json_pointer;

constexpr auto pods = "pods.";
constexpr auto replica_sets = "replicasets.apps";
constexpr auto hash_label = "pod-template-hash";

std::string hash_of(const Json& json) {
  constexpr std::string_view letters = "bcdfghjklmnpqrstvwxz2456789";
  auto number = std::hash<std::string>()(dump_json(json));
  std::string out;
  for (int i = 0; i < 9; ++i, number /= letters.size()) out += letters[number % letters.size()];
  return out;
}

Json at(const ObjectPtr& object, const char* path) { return object->body.value(Pointer(path), Json()); }

long count_at(const ObjectPtr& object, const char* path) {
  const auto value = at(object, path);
  return value.is_number() ? value.get<long>() : 0;
}

Json owner_of(const ObjectPtr& owner) {
  return Json::array({{{"apiVersion", owner->body["apiVersion"]},
                       {"kind", owner->body["kind"]},
                       {"name", owner->meta_text("name")},
                       {"uid", owner->meta_text("uid")},
                       {"controller", true},
                       {"blockOwnerDeletion", true}}});
}

Json condition(const char* type, const char* status, const char* reason, const std::string& message) {
  return {{"type", type},
          {"status", status},
          {"reason", reason},
          {"message", message},
          {"lastTransitionTime", now_text()},
          {"lastUpdateTime", now_text()}};
}

bool is_ready(const ObjectPtr& pod) { return at(pod, "/status/phase") == "Running" && !pod->deleting(); }

Json pod_from(const ObjectPtr& owner, const std::string& name, const Json& more_labels) {
  auto body = owner->body.value(Pointer("/spec/template"), Json::object());
  body["metadata"]["name"] = name;
  body["metadata"]["ownerReferences"] = owner_of(owner);
  for (const auto& [key, value] : more_labels.items()) body["metadata"]["labels"][key] = value;
  return body;
}

long ready_count(const std::vector<ObjectPtr>& list) { return std::count_if(list.begin(), list.end(), is_ready); }

/// The times of conditions that did not change stay as they were.
void keep_times(const Json& before, Json& status) {
  if (!before.is_object() || !before.contains("conditions") || !status.contains("conditions")) return;
  for (auto& fresh : status["conditions"]) {
    for (const auto& old : before["conditions"]) {
      if (old.value("type", Json()) != fresh["type"] || old.value("status", Json()) != fresh["status"]) continue;
      fresh["lastTransitionTime"] = old.value("lastTransitionTime", Json());
      if (old.value("reason", Json()) == fresh["reason"] && old.contains("lastUpdateTime"))
        fresh["lastUpdateTime"] = old["lastUpdateTime"];
    }
  }
}

}  // namespace

Target Rollout::target(const char* group, const char* plural, const std::string& space, const std::string& name) const {
  return {kinds_.find(group, "v1", plural), space, name, ""};
}

std::vector<ObjectPtr> Rollout::owned(const Place& place, const ObjectPtr& object, const char* collection) const {
  std::vector<ObjectPtr> out;
  for (const auto& dependent : store_.owned_by(object->meta_text("uid"))) {
    if (dependent.collection != collection || dependent.space != place.space) continue;
    if (auto found = store_.get(dependent)) out.push_back(std::move(found));
  }
  return out;
}

void Rollout::set_status(const Place& place, const ObjectPtr& object, Json status) {
  const auto before = at(object, "/status");
  keep_times(before, status);
  if (before == status) return;
  const auto group = place.collection.substr(place.collection.find('.') + 1);
  const auto plural = place.collection.substr(0, place.collection.find('.'));
  auto to = target(group.c_str(), plural.c_str(), place.space, place.name);
  to.subresource = "status";
  auto body = object->body;
  body["status"] = std::move(status);
  body["metadata"].erase("resourceVersion");
  body["metadata"].erase("managedFields");
  (void)objects_.update(to, body, {.manager = group.empty() ? "kubelet" : "kube-controller-manager"});
}

void Rollout::make(const char* group, const char* plural, const Place& owner, Json body) {
  (void)objects_.create(target(group, plural, owner.space, ""), std::move(body),
                        {.manager = "kube-controller-manager"});
}

void Rollout::erase(const Place& place) {
  const auto kind = place.collection == pods ? target("", "pods", place.space, place.name)
                                             : target("apps", "replicasets", place.space, place.name);
  (void)objects_.erase(kind, {});
}

bool Rollout::advance(const Place& place, const ObjectPtr& object) {
  static const std::map<std::string_view, void (Rollout::*)(const Place&, const ObjectPtr&)> steps = {
      {"deployments.apps", &Rollout::deployment},
      {replica_sets, &Rollout::replica_set},
      {"statefulsets.apps", &Rollout::stateful_set},
      {"daemonsets.apps", &Rollout::daemon_set},
      {"jobs.batch", &Rollout::job},
      {pods, &Rollout::pod}};
  const auto step = steps.find(place.collection);
  if (step == steps.end()) return false;
  if (!object->deleting()) (this->*step->second)(place, object);
  return true;
}

void Rollout::deployment(const Place& place, const ObjectPtr& object) {
  const auto hash = hash_of(at(object, "/spec/template"));
  const auto wanted = count_at(object, "/spec/replicas");
  const auto sets = owned(place, object, replica_sets);
  ObjectPtr current;
  long replicas = 0;
  long ready = 0;
  for (const auto& set : sets) {
    if (set->metadata().value(Pointer("/labels/pod-template-hash"), "") == hash) current = set;
  }
  const bool paused = at(object, "/spec/paused") == true;
  if (!current && !paused) {
    auto body = Json{{"spec",
                      {{"replicas", wanted},
                       {"selector", at(object, "/spec/selector")},
                       {"template", at(object, "/spec/template")}}}};
    body["metadata"] = {{"name", place.name + "-" + hash},
                        {"ownerReferences", owner_of(object)},
                        {"labels", at(object, "/spec/template/metadata/labels")},
                        {"annotations", {{"deployment.kubernetes.io/revision", std::to_string(sets.size() + 1)}}}};
    body["metadata"]["labels"][hash_label] = hash;
    body["spec"]["selector"]["matchLabels"][hash_label] = hash;
    body["spec"]["template"]["metadata"]["labels"][hash_label] = hash;
    make("apps", "replicasets", place, std::move(body));
  }
  const bool current_up = current && count_at(current, "/status/readyReplicas") >= wanted;
  for (const auto& set : sets) {
    replicas += count_at(set, "/status/replicas");
    ready += count_at(set, "/status/readyReplicas");
    const auto size = set == current ? wanted : current_up ? 0 : count_at(set, "/spec/replicas");
    if (paused || count_at(set, "/spec/replicas") == size) continue;
    (void)objects_.patch(target("apps", "replicasets", place.space, set->meta_text("name")), PatchKind::merge,
                         {{"spec", {{"replicas", size}}}}, {.manager = "kube-controller-manager"});
  }
  const auto updated = current ? count_at(current, "/status/replicas") : 0;
  Json status = {{"observedGeneration", count_at(object, "/metadata/generation")},
                 {"replicas", replicas},
                 {"updatedReplicas", updated},
                 {"readyReplicas", ready},
                 {"availableReplicas", ready}};
  if (ready < wanted) status["unavailableReplicas"] = wanted - ready;
  for (const auto* name : {"replicas", "updatedReplicas", "readyReplicas", "availableReplicas"}) {
    if (status[name] == 0) status.erase(name);
  }
  const bool available = ready >= wanted;
  const bool complete = current_up && updated == wanted && replicas == wanted;
  const auto set_name = "ReplicaSet \"" + place.name + "-" + hash + "\"";
  status["conditions"] = {
      available ? condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
                : condition("Available", "False", "MinimumReplicasUnavailable",
                            "Deployment does not have minimum availability."),
      complete ? condition("Progressing", "True", "NewReplicaSetAvailable", set_name + " has successfully progressed.")
               : condition("Progressing", "True", "ReplicaSetUpdated", set_name + " is progressing.")};
  set_status(place, object, std::move(status));
}

void Rollout::replica_set(const Place& place, const ObjectPtr& object) {
  const auto wanted = count_at(object, "/spec/replicas");
  auto list = owned(place, object, pods);
  for (auto have = static_cast<long>(list.size()); have < wanted; ++have) {
    auto body = pod_from(object, "", Json::object());
    body["metadata"].erase("name");
    body["metadata"]["generateName"] = place.name + "-";
    make("", "pods", place, std::move(body));
  }
  while (static_cast<long>(list.size()) > wanted) {
    erase({pods, place.space, list.back()->meta_text("name")});
    list.pop_back();
  }
  const auto ready = ready_count(list);
  Json status = {{"observedGeneration", count_at(object, "/metadata/generation")}, {"replicas", list.size()}};
  if (!list.empty()) status["fullyLabeledReplicas"] = list.size();
  if (ready > 0) status.update({{"readyReplicas", ready}, {"availableReplicas", ready}});
  set_status(place, object, std::move(status));
}

void Rollout::stateful_set(const Place& place, const ObjectPtr& object) {
  const auto wanted = count_at(object, "/spec/replicas");
  const auto revision = place.name + "-" + hash_of(at(object, "/spec/template"));
  const auto list = owned(place, object, pods);
  std::set<std::string> current;
  for (const auto& pod : list) {
    const auto name = pod->meta_text("name");
    const auto ordinal = std::atol(name.substr(place.name.size() + 1).c_str());
    const bool old = pod->metadata().value(Pointer("/labels/controller-revision-hash"), "") != revision;
    if (old || ordinal >= wanted) {
      erase({pods, place.space, name});
    } else {
      current.insert(name);
    }
  }
  for (long ordinal = 0; ordinal < wanted; ++ordinal) {
    const auto name = place.name + "-" + std::to_string(ordinal);
    if (current.contains(name)) continue;
    make(
        "", "pods", place,
        pod_from(object, name, {{"controller-revision-hash", revision}, {"statefulset.kubernetes.io/pod-name", name}}));
  }
  const auto ready = ready_count(list);
  set_status(place, object,
             {{"observedGeneration", count_at(object, "/metadata/generation")},
              {"replicas", list.size()},
              {"readyReplicas", ready},
              {"availableReplicas", ready},
              {"currentReplicas", current.size()},
              {"updatedReplicas", current.size()},
              {"currentRevision", revision},
              {"updateRevision", revision},
              {"collisionCount", 0}});
}

void Rollout::daemon_set(const Place& place, const ObjectPtr& object) {
  const auto hash = hash_of(at(object, "/spec/template"));
  std::vector<ObjectPtr> current;
  for (const auto& pod : owned(place, object, pods)) {
    if (pod->metadata().value(Pointer("/labels/controller-revision-hash"), "") == hash) {
      current.push_back(pod);
    } else {
      erase({pods, place.space, pod->meta_text("name")});
    }
  }
  if (current.empty())
    make("", "pods", place, pod_from(object, place.name + "-" + random_suffix(), {{"controller-revision-hash", hash}}));
  const auto ready = ready_count(current);
  Json status = {{"observedGeneration", count_at(object, "/metadata/generation")},
                 {"desiredNumberScheduled", 1},
                 {"currentNumberScheduled", current.size()},
                 {"updatedNumberScheduled", current.size()},
                 {"numberMisscheduled", 0},
                 {"numberReady", ready},
                 {"numberAvailable", ready}};
  if (ready == 0) status["numberUnavailable"] = 1;
  set_status(place, object, std::move(status));
}

void Rollout::job(const Place& place, const ObjectPtr& object) {
  if (at(object, "/spec/suspend") == true) return;
  const auto list = owned(place, object, pods);
  const auto wanted = std::max(1L, count_at(object, "/spec/completions"));
  const auto done =
      std::count_if(list.begin(), list.end(), [](const auto& pod) { return at(pod, "/status/phase") == "Succeeded"; });
  for (auto have = static_cast<long>(list.size()); have < wanted; ++have) {
    make("", "pods", place, pod_from(object, place.name + "-" + random_suffix(), Json::object()));
  }
  Json status = at(object, "/status").is_object() ? at(object, "/status") : Json::object();
  if (!status.contains("startTime")) status["startTime"] = now_text();
  status["succeeded"] = done;
  status["active"] = wanted - done;
  if (done >= wanted) {
    status.erase("active");
    if (!status.contains("completionTime")) status["completionTime"] = now_text();
    status["conditions"] =
        Json::array({condition("Complete", "True", "CompletionsReached", "Reached expected number of succeeded pods")});
    status["conditions"][0].erase("lastUpdateTime");
  }
  set_status(place, object, std::move(status));
}

void Rollout::pod(const Place& place, const ObjectPtr& object) {
  const auto phase = at(object, "/status/phase");
  const auto owners = object->metadata().value("ownerReferences", Json::array());
  const bool of_job = !owners.empty() && owners[0].value("kind", "") == "Job";
  if (phase == "Succeeded" || phase == "Failed" || (phase == "Running" && !of_job)) return;
  if (at(object, "/spec/nodeName").is_null()) {
    (void)objects_.patch(target("", "pods", place.space, place.name), PatchKind::merge,
                         {{"spec", {{"nodeName", "sandbox"}}}}, {.manager = "kube-scheduler"});
    return;
  }
  const bool ends = of_job && phase == "Running";
  const auto now = now_text();
  auto statuses = Json::array();
  for (const auto& container : at(object, "/spec/containers")) {
    const Json state =
        ends ? Json{{"terminated", {{"exitCode", 0}, {"reason", "Completed"}, {"startedAt", now}, {"finishedAt", now}}}}
             : Json{{"running", {{"startedAt", now}}}};
    statuses.push_back({{"name", container.value("name", "")},
                        {"image", container.value("image", "")},
                        {"imageID", ""},
                        {"ready", !ends},
                        {"started", !ends},
                        {"restartCount", 0},
                        {"state", state}});
  }
  auto conditions = Json::array();
  for (const auto* type : {"PodScheduled", "Initialized", "ContainersReady", "Ready"}) {
    const bool holds = !ends || std::string_view(type) == "PodScheduled" || std::string_view(type) == "Initialized";
    conditions.push_back({{"type", type}, {"status", holds ? "True" : "False"}, {"lastTransitionTime", now}});
  }
  const auto number = std::hash<std::string>()(place.space + "/" + place.name);
  const auto address = "10.0." + std::to_string(number % 255) + "." + std::to_string(number / 255 % 254 + 1);
  set_status(place, object,
             {{"phase", ends ? "Succeeded" : "Running"},
              {"conditions", conditions},
              {"containerStatuses", statuses},
              {"podIP", address},
              {"podIPs", {{{"ip", address}}}},
              {"hostIP", "127.0.0.1"},
              {"startTime", now}});
}

}  // namespace flux::sandbox
