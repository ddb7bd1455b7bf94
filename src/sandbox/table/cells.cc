#include "sandbox/table/cells.h"

#include "base/json.h"
#include "sandbox/table/table.h"

namespace flux::sandbox {

namespace {

using Pointer = Json::json_pointer;

Json at(const Json& body, const char* path) { return body.value(Pointer(path), Json()); }

long count(const Json& body, const char* path) {
  const auto value = at(body, path);
  return value.is_number() ? value.get<long>() : 0;
}

std::string cell_text(const Json& value, const char* missing = "<none>") {
  if (value.is_null() || (value.is_string() && value.get<std::string>().empty())) return missing;
  return value.is_string() ? value.get<std::string>() : dump_json(value);
}

std::string joined(const Json& list, const char* field = nullptr, const char* missing = "<none>") {
  std::string out;
  for (const auto& item : list.is_array() ? list : Json::array()) {
    out += (out.empty() ? "" : ",") + cell_text(field == nullptr ? item : item.value(field, Json()), "");
  }
  return out.empty() ? missing : out;
}

std::string labels(const Json& map) {
  std::string out;
  for (const auto& [name, value] : map.items()) out += (out.empty() ? "" : ",") + name + "=" + cell_text(value, "");
  return out.empty() ? "<none>" : out;
}

std::string selector(const Json& value) {
  return labels(value.is_object() && value.contains("matchLabels") ? value["matchLabels"]
                : value.contains("matchExpressions")               ? Json()
                                                                   : value);
}

std::string ready(const Json& body) {
  return std::to_string(count(body, "/status/readyReplicas")) + "/" + std::to_string(count(body, "/spec/replicas"));
}

std::string condition(const Json& body, const char* type) {
  for (const auto& item : at(body, "/status/conditions").is_array() ? at(body, "/status/conditions") : Json::array()) {
    if (item.value("type", "") == type) return item.value("status", "");
  }
  return {};
}

Json pod_ready(const Json& body) {
  long all = 0, good = 0;
  for (const auto& status :
       at(body, "/status/containerStatuses").is_array() ? at(body, "/status/containerStatuses") : Json::array()) {
    good += status.value("ready", false) ? 1 : 0;
  }
  all = static_cast<long>(at(body, "/spec/containers").size());
  return std::to_string(good) + "/" + std::to_string(all);
}

Json pod_status(const Json& body) {
  if (body["metadata"].contains("deletionTimestamp")) return "Terminating";
  const auto phase = cell_text(at(body, "/status/phase"), "Unknown");
  return phase == "Succeeded" ? "Completed" : phase;
}

Json service_ports(const Json& body) {
  std::string out;
  for (const auto& port : at(body, "/spec/ports").is_array() ? at(body, "/spec/ports") : Json::array()) {
    out += (out.empty() ? "" : ",") + cell_text(port.value("port", Json()));
    if (port.contains("nodePort")) out += ":" + cell_text(port["nodePort"]);
    out += "/" + port.value("protocol", "TCP");
  }
  return out.empty() ? "<none>" : out;
}

Json external_address(const Json& body) {
  if (at(body, "/spec/type") == "ExternalName") return cell_text(at(body, "/spec/externalName"));
  if (at(body, "/spec/type") == "LoadBalancer")
    return joined(at(body, "/status/loadBalancer/ingress"), "ip", "<pending>");
  return joined(at(body, "/spec/externalIPs"));
}

Json job_status(const Json& body) {
  if (condition(body, "Complete") == "True") return "Complete";
  if (condition(body, "Failed") == "True") return "Failed";
  return at(body, "/spec/suspend") == true ? "Suspended" : "Running";
}

Json job_duration(const Json& body) {
  const auto start = at(body, "/status/startTime");
  const auto end = at(body, "/status/completionTime");
  if (start.is_null()) return "";
  return age_text(seconds_since(start) - (end.is_null() ? 0 : seconds_since(end)));
}

Json hosts(const Json& body) { return joined(at(body, "/spec/rules"), "host", "*"); }

Json subjects(const Json& body, const char* kind) {
  std::string out;
  for (const auto& subject : at(body, "/subjects").is_array() ? at(body, "/subjects") : Json::array()) {
    if (subject.value("kind", "") != kind) continue;
    const auto space = subject.value("namespace", "");
    out += (out.empty() ? "" : ",") + (space.empty() ? "" : space + "/") + subject.value("name", "");
  }
  return out;
}

Json target_of(const Json& body) {
  return cell_text(at(body, "/spec/scaleTargetRef/kind"), "") + "/" +
         cell_text(at(body, "/spec/scaleTargetRef/name"), "");
}

const Cell containers = {"Containers",
                         [](auto& b) -> Json { return joined(at(b, "/spec/template/spec/containers"), "name"); }, true};
const Cell images = {"Images", [](auto& b) -> Json { return joined(at(b, "/spec/template/spec/containers"), "image"); },
                     true};
const Cell selects_by = {"Selector", [](auto& b) -> Json { return selector(at(b, "/spec/selector")); }, true};
const Cell age = {"Age", [](auto& b) -> Json { return age_of(b); }};
const Cell created = {"Created At", [](auto& b) -> Json { return at(b, "/metadata/creationTimestamp"); }, false,
                      "date"};
const Cell desired = {"Desired", [](auto& b) -> Json { return count(b, "/spec/replicas"); }, false, "integer"};
const Cell current = {"Current", [](auto& b) -> Json { return count(b, "/status/replicas"); }, false, "integer"};
const Cell ready_replicas = {"Ready", [](auto& b) -> Json { return count(b, "/status/readyReplicas"); }, false,
                             "integer"};
const Cell role = {"Role", [](auto& b) -> Json {
                     return cell_text(at(b, "/roleRef/kind")) + "/" + cell_text(at(b, "/roleRef/name"));
                   }};
const Cell users = {"Users", [](auto& b) { return subjects(b, "User"); }, true};
const Cell groups = {"Groups", [](auto& b) { return subjects(b, "Group"); }, true};
const Cell accounts = {"ServiceAccounts", [](auto& b) { return subjects(b, "ServiceAccount"); }, true};

}  // namespace

std::string age_of(const Json& body) {
  const auto time = at(body, "/metadata/creationTimestamp");
  return time.is_string() ? age_text(seconds_since(time)) : "<unknown>";
}

const std::map<std::string_view, std::vector<Cell>>& builtin_cells() {
  static const std::map<std::string_view, std::vector<Cell>> all = {
      {"Pod",
       {{"Ready", pod_ready},
        {"Status", pod_status},
        {"Restarts", [](auto&) -> Json { return "0"; }},
        age,
        {"IP", [](auto& b) -> Json { return cell_text(at(b, "/status/podIP")); }, true},
        {"Node", [](auto& b) -> Json { return cell_text(at(b, "/spec/nodeName")); }, true},
        {"Nominated Node", [](auto&) -> Json { return "<none>"; }, true},
        {"Readiness Gates", [](auto&) -> Json { return "<none>"; }, true}}},
      {"Deployment",
       {{"Ready", [](auto& b) -> Json { return ready(b); }},
        {"Up-to-date", [](auto& b) -> Json { return count(b, "/status/updatedReplicas"); }},
        {"Available", [](auto& b) -> Json { return count(b, "/status/availableReplicas"); }},
        age,
        containers,
        images,
        selects_by}},
      {"ReplicaSet", {desired, current, ready_replicas, age, containers, images, selects_by}},
      {"ReplicationController", {desired, current, ready_replicas, age, containers, images, selects_by}},
      {"StatefulSet", {{"Ready", [](auto& b) -> Json { return ready(b); }}, age, containers, images}},
      {"DaemonSet",
       {{"Desired", [](auto& b) -> Json { return count(b, "/status/desiredNumberScheduled"); }, false, "integer"},
        {"Current", [](auto& b) -> Json { return count(b, "/status/currentNumberScheduled"); }, false, "integer"},
        {"Ready", [](auto& b) -> Json { return count(b, "/status/numberReady"); }, false, "integer"},
        {"Up-to-date", [](auto& b) -> Json { return count(b, "/status/updatedNumberScheduled"); }, false, "integer"},
        {"Available", [](auto& b) -> Json { return count(b, "/status/numberAvailable"); }, false, "integer"},
        {"Node Selector", [](auto& b) -> Json { return labels(at(b, "/spec/template/spec/nodeSelector")); }},
        age,
        containers,
        images,
        selects_by}},
      {"Job",
       {{"Status", job_status},
        {"Completions",
         [](auto& b) -> Json {
           return std::to_string(count(b, "/status/succeeded")) + "/" + std::to_string(count(b, "/spec/completions"));
         }},
        {"Duration", job_duration},
        age,
        containers,
        images,
        selects_by}},
      {"CronJob",
       {{"Schedule", [](auto& b) -> Json { return cell_text(at(b, "/spec/schedule")); }},
        {"Timezone", [](auto& b) -> Json { return cell_text(at(b, "/spec/timeZone")); }},
        {"Suspend", [](auto& b) -> Json { return at(b, "/spec/suspend") == true ? "True" : "False"; }},
        {"Active", [](auto& b) -> Json { return at(b, "/status/active").size(); }, false, "integer"},
        {"Last Schedule", [](auto& b) -> Json { return cell_text(at(b, "/status/lastScheduleTime")); }},
        age}},
      {"Service",
       {{"Type", [](auto& b) -> Json { return cell_text(at(b, "/spec/type")); }},
        {"Cluster-IP", [](auto& b) -> Json { return cell_text(at(b, "/spec/clusterIP")); }},
        {"External-IP", external_address},
        {"Port(s)", service_ports},
        age,
        {"Selector", [](auto& b) -> Json { return labels(at(b, "/spec/selector")); }, true}}},
      {"Ingress",
       {{"Class", [](auto& b) -> Json { return cell_text(at(b, "/spec/ingressClassName")); }},
        {"Hosts", hosts},
        {"Address", [](auto& b) -> Json { return joined(at(b, "/status/loadBalancer/ingress"), "ip", ""); }},
        {"Ports", [](auto& b) -> Json { return at(b, "/spec/tls").empty() ? "80" : "80, 443"; }},
        age}},
      {"Namespace", {{"Status", [](auto& b) -> Json { return cell_text(at(b, "/status/phase")); }}, age}},
      {"Node",
       {{"Status", [](auto& b) -> Json { return condition(b, "Ready") == "True" ? "Ready" : "NotReady"; }},
        {"Roles", [](auto&) -> Json { return "<none>"; }},
        age,
        {"Version", [](auto& b) -> Json { return cell_text(at(b, "/status/nodeInfo/kubeletVersion"), ""); }}}},
      {"ConfigMap",
       {{"Data", [](auto& b) -> Json { return at(b, "/data").size() + at(b, "/binaryData").size(); }}, age}},
      {"Secret",
       {{"Type", [](auto& b) -> Json { return cell_text(at(b, "/type")); }},
        {"Data", [](auto& b) -> Json { return at(b, "/data").size(); }},
        age}},
      {"ServiceAccount", {age}},
      {"Role", {created}},
      {"ClusterRole", {created}},
      {"RoleBinding", {role, age, users, groups, accounts}},
      {"ClusterRoleBinding", {role, age, users, groups, accounts}},
      {"CustomResourceDefinition", {created}},
      {"HorizontalPodAutoscaler",
       {{"Reference", target_of},
        {"MinPods", [](auto& b) -> Json { return cell_text(at(b, "/spec/minReplicas")); }},
        {"MaxPods", [](auto& b) -> Json { return count(b, "/spec/maxReplicas"); }},
        {"Replicas", [](auto& b) -> Json { return count(b, "/status/currentReplicas"); }},
        age}},
      {"PodDisruptionBudget",
       {{"Min Available", [](auto& b) -> Json { return cell_text(at(b, "/spec/minAvailable"), "N/A"); }},
        {"Max Unavailable", [](auto& b) -> Json { return cell_text(at(b, "/spec/maxUnavailable"), "N/A"); }},
        {"Allowed Disruptions", [](auto& b) -> Json { return count(b, "/status/disruptionsAllowed"); }, false,
         "integer"},
        age}},
      {"NetworkPolicy", {{"Pod-Selector", [](auto& b) -> Json { return selector(at(b, "/spec/podSelector")); }}, age}},
      {"PersistentVolumeClaim",
       {{"Status", [](auto& b) -> Json { return cell_text(at(b, "/status/phase")); }},
        {"Volume", [](auto& b) -> Json { return cell_text(at(b, "/spec/volumeName"), ""); }},
        {"Capacity", [](auto& b) -> Json { return cell_text(at(b, "/status/capacity/storage"), ""); }},
        {"Access Modes", [](auto& b) -> Json { return joined(at(b, "/spec/accessModes"), nullptr, ""); }},
        {"StorageClass", [](auto& b) -> Json { return cell_text(at(b, "/spec/storageClassName"), ""); }},
        age}},
      {"StorageClass",
       {{"Provisioner", [](auto& b) -> Json { return cell_text(at(b, "/provisioner")); }},
        {"ReclaimPolicy", [](auto& b) -> Json { return cell_text(at(b, "/reclaimPolicy")); }},
        {"VolumeBindingMode", [](auto& b) -> Json { return cell_text(at(b, "/volumeBindingMode")); }},
        age}},
      {"IngressClass", {{"Controller", [](auto& b) -> Json { return cell_text(at(b, "/spec/controller")); }}, age}},
      {"Lease", {{"Holder", [](auto& b) -> Json { return cell_text(at(b, "/spec/holderIdentity"), ""); }}, age}},
      {"PriorityClass",
       {{"Value", [](auto& b) -> Json { return count(b, "/value"); }, false, "integer"},
        {"Global-Default", [](auto& b) -> Json { return at(b, "/globalDefault") == true; }, false, "boolean"},
        age}},
      {"Event",
       {{"Type", [](auto& b) -> Json { return cell_text(at(b, "/type"), ""); }},
        {"Reason", [](auto& b) -> Json { return cell_text(at(b, "/reason"), ""); }},
        {"Object",
         [](auto& b) -> Json {
           return cell_text(at(b, "/involvedObject/kind"), "") + "/" + cell_text(at(b, "/involvedObject/name"), "");
         }},
        {"Message", [](auto& b) -> Json { return cell_text(at(b, "/message"), ""); }},
        age}},
  };
  return all;
}

}  // namespace flux::sandbox
