#include "sandbox/defaults.h"

#include <functional>

#include "base/base64.h"
#include "base/json.h"

namespace flux::sandbox {

namespace {

using Pointer = Json::json_pointer;

void put(Json& object, const char* path, Json value) {
  const Pointer pointer(path);
  if (!object.contains(pointer)) object[pointer] = std::move(value);
}

struct Default {
  const char* path;
  Json value;
};

void put_all(Json& object, std::initializer_list<Default> defaults) {
  for (const auto& [path, value] : defaults) put(object, path, value);
}

std::string pull_policy(const std::string& image) {
  const auto name = image.substr(image.rfind('/') + 1);
  const auto colon = name.find(':');
  if (name.find('@') != std::string::npos) return "IfNotPresent";
  return colon == std::string::npos || name.substr(colon) == ":latest" ? "Always" : "IfNotPresent";
}

void default_probe(Json& container, const char* name) {
  const auto probe = container.find(name);
  if (probe == container.end() || !probe->is_object()) return;
  put_all(*probe, {{"/timeoutSeconds", 1}, {"/periodSeconds", 10}, {"/successThreshold", 1}, {"/failureThreshold", 3}});
  if (probe->contains("httpGet")) put_all(*probe, {{"/httpGet/scheme", "HTTP"}, {"/httpGet/path", "/"}});
}

void default_container(Json& container) {
  put_all(container, {{"/terminationMessagePath", "/dev/termination-log"}, {"/terminationMessagePolicy", "File"}});
  put(container, "/imagePullPolicy", pull_policy(container.value("image", "")));
  if (const auto ports = container.find("ports"); ports != container.end()) {
    for (auto& port : *ports) put(port, "/protocol", "TCP");
  }
  if (const auto variables = container.find("env"); variables != container.end()) {
    for (auto& variable : *variables) {
      if (variable.contains(Pointer("/valueFrom/fieldRef"))) put(variable, "/valueFrom/fieldRef/apiVersion", "v1");
    }
  }
  for (const auto* probe : {"livenessProbe", "readinessProbe", "startupProbe"}) default_probe(container, probe);
}

void default_volume(Json& volume) {
  if (volume.contains("hostPath")) put(volume, "/hostPath/type", "");
  for (const auto* source : {"configMap", "secret", "projected", "downwardAPI"}) {
    if (volume.contains(source)) put(volume[source], "/defaultMode", 420);
  }
}

void default_pod(Json& spec) {
  put_all(spec, {{"/restartPolicy", "Always"},
                 {"/dnsPolicy", "ClusterFirst"},
                 {"/schedulerName", "default-scheduler"},
                 {"/securityContext", Json::object()},
                 {"/terminationGracePeriodSeconds", 30}});
  if (spec.contains("serviceAccountName")) spec["serviceAccount"] = spec["serviceAccountName"];
  for (const auto* list : {"containers", "initContainers"}) {
    if (!spec.contains(list)) continue;
    for (auto& container : spec[list]) default_container(container);
  }
  if (!spec.contains("volumes")) return;
  for (auto& volume : spec["volumes"]) default_volume(volume);
}

void default_workload(const Kind& kind, Json& body) {
  if (kind.kind == "Deployment") {
    put_all(body, {{"/spec/replicas", 1},
                   {"/spec/revisionHistoryLimit", 10},
                   {"/spec/progressDeadlineSeconds", 600},
                   {"/spec/strategy/type", "RollingUpdate"}});
    if (body["spec"]["strategy"]["type"] == "RollingUpdate") {
      put_all(body, {{"/spec/strategy/rollingUpdate/maxSurge", "25%"},
                     {"/spec/strategy/rollingUpdate/maxUnavailable", "25%"}});
    }
  } else if (kind.kind == "StatefulSet") {
    put_all(body, {{"/spec/replicas", 1},
                   {"/spec/revisionHistoryLimit", 10},
                   {"/spec/podManagementPolicy", "OrderedReady"},
                   {"/spec/persistentVolumeClaimRetentionPolicy/whenDeleted", "Retain"},
                   {"/spec/persistentVolumeClaimRetentionPolicy/whenScaled", "Retain"},
                   {"/spec/updateStrategy/type", "RollingUpdate"}});
    if (body["spec"]["updateStrategy"]["type"] == "RollingUpdate")
      put(body, "/spec/updateStrategy/rollingUpdate/partition", 0);
  } else if (kind.kind == "DaemonSet") {
    put_all(body, {{"/spec/revisionHistoryLimit", 10}, {"/spec/updateStrategy/type", "RollingUpdate"}});
    if (body["spec"]["updateStrategy"]["type"] == "RollingUpdate") {
      put_all(body, {{"/spec/updateStrategy/rollingUpdate/maxSurge", 0},
                     {"/spec/updateStrategy/rollingUpdate/maxUnavailable", 1}});
    }
  } else {
    put(body, "/spec/replicas", 1);
  }
  default_pod(body["spec"]["template"]["spec"]);
}

void default_job(Json& body) {
  put_all(body, {{"/spec/completions", 1},
                 {"/spec/parallelism", 1},
                 {"/spec/backoffLimit", 6},
                 {"/spec/suspend", false},
                 {"/spec/completionMode", "NonIndexed"},
                 {"/spec/manualSelector", false},
                 {"/spec/podReplacementPolicy", "TerminatingOrFailed"}});
  default_pod(body["spec"]["template"]["spec"]);
}

void allocate_job(const Json* live, Json& body) {
  if (live != nullptr) {
    body["spec"]["selector"] = live->value(Pointer("/spec/selector"), Json::object());
    body["spec"]["template"] = live->value(Pointer("/spec/template"), Json::object());
    return;
  }
  if (body["spec"].contains("selector")) return;
  const auto uid = body["metadata"].value("uid", "");
  const auto name = body["metadata"].value("name", "");
  body["spec"]["selector"] = {{"matchLabels", {{"batch.kubernetes.io/controller-uid", uid}}}};
  Json labels = {{"batch.kubernetes.io/controller-uid", uid},
                 {"batch.kubernetes.io/job-name", name},
                 {"controller-uid", uid},
                 {"job-name", name}};
  auto& own = body["spec"]["template"]["metadata"]["labels"];
  if (own.is_object()) labels.update(own);
  own = labels;
  put(body, "/metadata/labels", labels);
}

/// An address out of 10.96.0.0/16 that depends on the name only: nobody routes to it.
std::string address_of(const Json& body) {
  const auto& metadata = body["metadata"];
  const auto number = std::hash<std::string>()(metadata.value("namespace", "") + "/" + metadata.value("name", ""));
  return "10.96." + std::to_string(number % 255) + "." + std::to_string(number / 255 % 254 + 1);
}

void default_service(Json& body) {
  auto& spec = body["spec"];
  put_all(spec, {{"/type", "ClusterIP"}, {"/sessionAffinity", "None"}});
  if (spec["sessionAffinity"] == "ClientIP") put(spec, "/sessionAffinityConfig/clientIP/timeoutSeconds", 10800);
  const bool external = spec["type"] == "ExternalName";
  if (!external) put(spec, "/internalTrafficPolicy", "Cluster");
  if (spec["type"] == "NodePort" || spec["type"] == "LoadBalancer") put(spec, "/externalTrafficPolicy", "Cluster");
  if (spec["type"] == "LoadBalancer") put(spec, "/allocateLoadBalancerNodePorts", true);
  if (!spec.contains("ports")) return;
  for (auto& port : spec["ports"]) {
    put(port, "/protocol", "TCP");
    put(port, "/targetPort", port.value("port", Json()));
  }
}

/// The node port of the same port before, or one that depends on names only.
Json node_port(const Json* live, const Json& body, const Json& port) {
  for (const auto& old : live == nullptr ? Json::array() : live->value(Pointer("/spec/ports"), Json::array())) {
    if (old.contains("nodePort") && old["port"] == port["port"] && old["protocol"] == port["protocol"])
      return old["nodePort"];
  }
  return 30000 + std::hash<std::string>()(address_of(body) + dump_json(port["port"])) % 2768;
}

void allocate_service(const Json* live, Json& body) {
  auto& spec = body["spec"];
  if (spec["type"] == "ExternalName") return;
  const auto before = [&](const char* path, const Json& otherwise) {
    return live == nullptr ? otherwise : live->value(Pointer(path), otherwise);
  };
  put(spec, "/clusterIP", before("/spec/clusterIP", address_of(body)));
  put(spec, "/clusterIPs", Json::array({spec["clusterIP"]}));
  put(spec, "/ipFamilies", before("/spec/ipFamilies", {"IPv4"}));
  put(spec, "/ipFamilyPolicy", before("/spec/ipFamilyPolicy", "SingleStack"));
  if ((spec["type"] != "NodePort" && spec["type"] != "LoadBalancer") || !spec.contains("ports")) return;
  for (auto& port : spec["ports"]) {
    if (!port.contains("nodePort")) port["nodePort"] = node_port(live, body, port);
  }
}

void default_secret(Json& body) {
  put(body, "/type", "Opaque");
  const auto plain = body.find("stringData");
  if (plain == body.end()) return;
  for (const auto& [name, value] : plain->items()) {
    if (value.is_string()) body["data"][name] = encode_base64(value.get_ref<const std::string&>());
  }
  body.erase("stringData");
}

void default_namespace(Json& body) {
  body["metadata"]["labels"]["kubernetes.io/metadata.name"] = body["metadata"].value("name", "");
  put(body, "/status/phase", "Active");
}

void default_claims(Json& body) {
  if (!body["spec"].contains("volumeClaimTemplates")) return;
  for (auto& claim : body["spec"]["volumeClaimTemplates"]) {
    put_all(claim, {{"/apiVersion", "v1"},
                    {"/kind", "PersistentVolumeClaim"},
                    {"/spec/volumeMode", "Filesystem"},
                    {"/status/phase", "Pending"}});
  }
}

void default_claim(Json& body) {
  put(body, "/spec/volumeMode", "Filesystem");
  put(body, "/status/phase", "Bound");
}

void default_rbac(Json& body) {
  put(body, "/roleRef/apiGroup", "rbac.authorization.k8s.io");
  if (!body.contains("subjects")) return;
  for (auto& subject : body["subjects"]) {
    if (subject.value("kind", "") != "ServiceAccount") put(subject, "/apiGroup", "rbac.authorization.k8s.io");
  }
}

using Filler = void (*)(const Kind&, const Json*, Json&);

const std::map<std::string_view, Filler>& fillers() {
  static const std::map<std::string_view, Filler> all = {
      {"Deployment", [](auto& kind, auto*, auto& body) { default_workload(kind, body); }},
      {"StatefulSet",
       [](auto& kind, auto*, auto& body) {
         default_workload(kind, body);
         default_claims(body);
       }},
      {"DaemonSet", [](auto& kind, auto*, auto& body) { default_workload(kind, body); }},
      {"ReplicaSet", [](auto& kind, auto*, auto& body) { default_workload(kind, body); }},
      {"ReplicationController", [](auto& kind, auto*, auto& body) { default_workload(kind, body); }},
      {"Pod",
       [](auto&, auto*, auto& body) {
         default_pod(body["spec"]);
         put_all(body, {{"/spec/serviceAccountName", "default"}, {"/status/phase", "Pending"}});
       }},
      {"Job", [](auto&, auto*, auto& body) { default_job(body); }},
      {"CronJob",
       [](auto&, auto*, auto& body) {
         put_all(body, {{"/spec/concurrencyPolicy", "Allow"},
                        {"/spec/suspend", false},
                        {"/spec/failedJobsHistoryLimit", 1},
                        {"/spec/successfulJobsHistoryLimit", 3}});
         default_pod(body["spec"]["jobTemplate"]["spec"]["template"]["spec"]);
       }},
      {"Service", [](auto&, auto*, auto& body) { default_service(body); }},
      {"Secret", [](auto&, auto*, auto& body) { default_secret(body); }},
      {"Namespace", [](auto&, auto*, auto& body) { default_namespace(body); }},
      {"PersistentVolumeClaim", [](auto&, auto*, auto& body) { default_claim(body); }},
      {"HorizontalPodAutoscaler", [](auto&, auto*, auto& body) { put(body, "/spec/minReplicas", 1); }},
      {"APIService",
       [](auto&, auto*, auto& body) {
         if (body["spec"].contains("service")) put(body, "/spec/service/port", 443);
       }},
      {"StorageClass",
       [](auto&, auto*, auto& body) {
         put_all(body, {{"/reclaimPolicy", "Delete"}, {"/volumeBindingMode", "Immediate"}});
       }},
      {"RoleBinding", [](auto&, auto*, auto& body) { default_rbac(body); }},
      {"ClusterRoleBinding", [](auto&, auto*, auto& body) { default_rbac(body); }},
      {"NetworkPolicy",
       [](auto&, auto*, auto& body) {
         Json types = {"Ingress"};
         if (body["spec"].contains("egress")) types.push_back("Egress");
         put(body, "/spec/policyTypes", types);
       }},
  };
  return all;
}

}  // namespace

void add_defaults(const Kind& kind, const Json* live, Json& body) {
  if (kind.custom) return fill_defaults(body, *kind.type);
  try {
    if (const auto found = fillers().find(kind.kind); found != fillers().end()) found->second(kind, live, body);
  } catch (const Json::exception&) {
    // The object has the wrong shape; validate() says where.
  }
}

void allocate(const Kind& kind, const Json* live, Json& body) {
  if (kind.custom) return;
  if (kind.kind == "Service") allocate_service(live, body);
  if (kind.kind == "Job") allocate_job(live, body);
  if (kind.kind == "Namespace" && live == nullptr) put(body, "/spec/finalizers", {"kubernetes"});
}

}  // namespace flux::sandbox
