#include "cluster/workload.h"

#include <utility>

#include "cluster/json_reader.h"

namespace flux::cluster {
namespace {

/// Reads the member that is called `name` with `read`, and skips the others.
template <class Read>
void only(JsonReader& json, std::string_view name, Read&& read) {
  json.object([&](std::string_view key) { key == name ? read() : json.skip(); });
}

void read_map(JsonReader& json, std::map<std::string, std::string>& to) {
  json.object([&](std::string_view key) { json.string(to[std::string(key)]); });
}

/// Other people's annotations may be large, the last-applied one above all.
void read_annotations(JsonReader& json, LiveWorkload& workload) {
  json.object([&](std::string_view key) {
    if (key.find("fluxcd.io/") == std::string_view::npos) return json.skip();
    json.string(workload.annotations[std::string(key)]);
  });
}

struct Name {
  std::string name;
  std::string ns;
};

void read_metadata(JsonReader& json, LiveWorkload& workload, Name& name) {
  json.object([&](std::string_view key) {
    if (key == "name") return json.string(name.name);
    if (key == "namespace") return json.string(name.ns);
    if (key == "generation") return json.integer(workload.rollout.generation);
    if (key == "labels") return read_map(json, workload.labels);
    if (key == "annotations") return read_annotations(json, workload);
    json.skip();
  });
}

void read_containers(JsonReader& json, std::vector<PodContainer>& to) {
  json.array([&] {
    PodContainer container;
    json.object([&](std::string_view key) {
      if (key == "name") return json.string(container.name);
      if (key == "image") return json.string(container.image);
      json.skip();
    });
    to.push_back(std::move(container));
  });
}

/// Names of objects in the same namespace.
void read_references(JsonReader& json, std::vector<std::string>& to) {
  json.array([&] {
    std::string name;
    only(json, "name", [&] { json.string(name); });
    if (!name.empty()) to.push_back(std::move(name));
  });
}

void read_template(JsonReader& json, LiveWorkload& workload) {
  std::vector<PodContainer> init;
  only(json, "spec", [&] {
    json.object([&](std::string_view key) {
      if (key == "containers") return read_containers(json, workload.containers);
      if (key == "initContainers") return read_containers(json, init);
      if (key == "serviceAccountName") return json.string(workload.service_account);
      if (key == "imagePullSecrets") return read_references(json, workload.pull_secrets);
      json.skip();
    });
  });
  for (auto& container : init) workload.containers.push_back(std::move(container));
}

void read_spec(JsonReader& json, LiveWorkload& workload) {
  auto& rollout = workload.rollout;
  json.object([&](std::string_view key) {
    if (key == "template") return read_template(json, workload);
    if (key == "replicas") {
      std::int64_t replicas = -1;
      json.integer(replicas);
      if (replicas >= 0) rollout.wanted_replicas = replicas;
      return;
    }
    if (key == "updateStrategy")
      return only(json, "rollingUpdate", [&] { only(json, "partition", [&] { json.integer(rollout.partition); }); });
    if (key == "jobTemplate")
      return only(json, "spec", [&] { only(json, "template", [&] { read_template(json, workload); }); });
    if (key == "values" && workload.type.kind == "HelmRelease") {
      workload.helm_values = json.raw();
      return;
    }
    json.skip();
  });
}

void read_conditions(JsonReader& json, std::vector<Condition>& to) {
  json.array([&] {
    Condition condition;
    json.object([&](std::string_view key) {
      if (key == "type") return json.string(condition.type);
      if (key == "status") return json.string(condition.status);
      if (key == "message") return json.string(condition.message);
      json.skip();
    });
    to.push_back(std::move(condition));
  });
}

void read_status(JsonReader& json, LiveWorkload& workload) {
  auto& to = workload.rollout;
  const std::pair<std::string_view, std::int64_t*> counters[] = {
      {"observedGeneration", &to.observed_generation},   {"replicas", &to.replicas},
      {"updatedReplicas", &to.updated_replicas},         {"readyReplicas", &to.ready_replicas},
      {"availableReplicas", &to.available_replicas},     {"currentReplicas", &to.current_replicas},
      {"desiredNumberScheduled", &to.desired_scheduled}, {"currentNumberScheduled", &to.current_scheduled},
      {"updatedNumberScheduled", &to.updated_scheduled}, {"numberReady", &to.number_ready},
      {"numberAvailable", &to.number_available},
  };
  json.object([&](std::string_view key) {
    for (const auto& [name, counter] : counters)
      if (key == name) return json.integer(*counter);
    if (key == "currentRevision") return json.string(to.current_revision);
    if (key == "updateRevision") return json.string(to.update_revision);
    if (key == "conditions") return read_conditions(json, to.conditions);
    if (key == "releaseStatus") return json.string(workload.release_status);
    json.skip();
  });
}

LiveWorkload read_workload(JsonReader& json, const ApiType& type) {
  LiveWorkload workload;
  workload.type = type;
  Name name;
  json.object([&](std::string_view key) {
    if (key == "metadata") return read_metadata(json, workload, name);
    if (key == "spec") return read_spec(json, workload);
    if (key == "status") return read_status(json, workload);
    json.skip();
  });
  if (!name.name.empty()) workload.id = ResourceId(name.ns, type.kind, name.name);
  return workload;
}

Failure unreadable(const ApiType& type) {
  return fail(ErrorKind::server, "the API server's answer for " + type.api_version + " " + type.kind +
                                     " is not what Kubernetes sends: not JSON, or cut short");
}

std::string_view value_of(const std::map<std::string, std::string>& map, const std::string& key) {
  const auto at = map.find(key);
  return at == map.end() ? std::string_view{} : at->second;
}

}  // namespace

bool LiveWorkload::is_addon() const {
  if (id.ns() != "kube-system") return false;
  const auto mode = value_of(labels, "addonmanager.kubernetes.io/mode");
  return value_of(labels, "kubernetes.io/cluster-service") == "true" || mode == "EnsureExists" || mode == "Reconcile";
}

Result<LiveWorkload> decode_workload(std::string_view text, const ApiType& type) {
  JsonReader json(text);
  auto workload = read_workload(json, type);
  if (json.failed() || workload.id.empty()) return unreadable(type);
  return workload;
}

Result<Page> decode_workload_page(std::string_view text, const ApiType& type,
                                  const std::function<void(LiveWorkload)>& each) {
  JsonReader json(text);
  Page page;
  bool is_list = false;
  json.object([&](std::string_view key) {
    if (key == "metadata") {
      is_list = true;
      return only(json, "continue", [&] { json.string(page.next); });
    }
    if (key != "items") return json.skip();
    json.array([&] {
      auto workload = read_workload(json, type);
      if (!json.failed() && !workload.id.empty()) each(std::move(workload));
    });
  });
  if (json.failed() || !is_list) return unreadable(type);
  return page;
}

}  // namespace flux::cluster
