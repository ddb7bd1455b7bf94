#include "sandbox/service.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/test_bounded.h"
#include "sandbox/controllers.h"

namespace flux::sandbox {
namespace service_test {

/// The API without the network and without controllers.
class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() : objects_(store_, kinds_), service_(store_, kinds_, objects_) {
    Controllers(store_, kinds_, objects_).populate();
  }

  struct Reply {
    int status = 0;
    Json body;
  };

  Reply call(const std::string& method, const std::string& target, const Json& body = nullptr,
             const std::string& type = "application/json", const std::string& accept = "application/json") {
    http::ServerRequest request;
    request.method = method;
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    if (target.size() > request.path.size()) read_query(target.substr(request.path.size() + 1), request);
    request.headers.add("Content-Type", type);
    request.headers.add("Accept", accept);
    request.headers.add("User-Agent", "tester/1.0 (linux)");
    if (!body.is_null()) request.body = body.is_string() ? body.get<std::string>() : dump_json(body);
    const auto response = service_.handle(bounded(), request);
    return {response.status, parse_sorted_json(response.body).value_or(nullptr)};
  }

  Reply apply(const std::string& path, const Json& body, const std::string& query = "?fieldManager=fluxd&force=true") {
    return call("PATCH", path + query, body, "application/apply-patch+yaml");
  }

  static void read_query(const std::string& text, http::ServerRequest& request) {
    for (std::size_t at = 0; at < text.size();) {
      const auto end = std::min(text.find('&', at), text.size());
      const auto equals = text.find('=', at);
      request.query.emplace_back(text.substr(at, equals - at), text.substr(equals + 1, end - equals - 1));
      at = end + 1;
    }
  }

  static Json config_map(const std::string& name, const Json& data) {
    return {{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", {{"name", name}}}, {"data", data}};
  }

  static Json definition() {
    return parse_sorted_json(
               R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"widgets.ex.org"},
      "spec":{"group":"ex.org","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget","shortNames":["wd"]},
      "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},
        "additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"}],
        "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","required":["size"],
          "properties":{"size":{"type":"integer","minimum":1}}},"status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}}]}})")
        .value();
  }

  Store store_;
  Kinds kinds_;
  Objects objects_;
  Service service_;
};

const std::string maps = "/api/v1/namespaces/default/configmaps";
const std::string crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

TEST_F(ServiceTest, RefusesAsARealServerDoes) {
  call("POST", maps, config_map("there", {{"a", "b"}}));
  auto other_space = config_map("x", {});
  other_space["metadata"]["namespace"] = "kube-system";
  struct Case {
    const char* method;
    std::string path;
    Json body;
    int code;
    const char* reason;
  };
  const Case table[] = {
      {"GET", "/api/v1/nothing", nullptr, 404, "NotFound"},
      {"GET", "/nothing", nullptr, 404, "NotFound"},
      {"GET", maps + "/none", nullptr, 404, "NotFound"},
      {"POST", maps, config_map("there", {}), 409, "AlreadyExists"},
      {"POST", maps, config_map("Not_A_Name", {}), 422, "Invalid"},
      {"POST", maps, Json{{"metadata", Json::object()}}, 422, "Invalid"},
      {"POST", maps, other_space, 400, "BadRequest"},
      {"POST", maps, "{", 400, "BadRequest"},
      {"POST", "/api/v1/namespaces/nowhere/configmaps", config_map("x", {}), 404, "NotFound"},
      {"POST", maps + "?fieldValidation=Strict", Json{{"metadata", {{"name", "x"}}}, {"dta", 1}}, 400, "BadRequest"},
      {"PUT", maps + "/there", Json{{"metadata", {{"name", "there"}, {"resourceVersion", "1"}}}}, 409, "Conflict"},
      {"PUT", maps + "/there", config_map("else", {}), 400, "BadRequest"},
      {"DELETE", maps + "/there", Json{{"preconditions", {{"uid", "x"}}}}, 409, "Conflict"},
      {"DELETE", maps + "/there", Json{{"preconditions", {{"resourceVersion", "1"}}}}, 409, "Conflict"},
      {"GET", "/api/v1/namespaces/default/pods/x/log", nullptr, 501, "NotImplemented"},
      {"POST", maps + "/there", config_map("there", {}), 405, "MethodNotAllowed"},
      {"GET", maps + "?labelSelector=(", nullptr, 400, "BadRequest"},
  };
  for (const auto& test : table) {
    const auto reply = call(test.method, test.path, test.body);
    EXPECT_EQ(reply.status, test.code) << test.method << " " << test.path;
    EXPECT_EQ(reply.body.value("reason", ""), test.reason) << test.method << " " << test.path;
    EXPECT_EQ(reply.body.value("kind", ""), "Status");
  }
}

TEST_F(ServiceTest, AnUnchangedApplyWritesNothing) {
  const auto config = config_map("c", {{"a", "1"}});
  EXPECT_EQ(apply(maps + "/c", config).status, 201);
  const auto version = store_.version();
  EXPECT_EQ(apply(maps + "/c", config).status, 200);
  EXPECT_EQ(store_.version(), version);
}

TEST_F(ServiceTest, AnUnchangedApplyOfWhatTheServerRewritesWritesNothing) {
  const auto path = std::string("/apis/apps/v1/namespaces/default/deployments/web");
  const auto config =
      parse_sorted_json(
          R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","annotations":{}},"spec":{
    "selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"},"creationTimestamp":null},"spec":{"hostNetwork":false,
    "containers":[{"name":"c","image":"i","resources":{"limits":{"cpu":"1000m"}},"ports":[{"containerPort":80}]}]}}},"status":{}})")
          .value();
  ASSERT_EQ(apply(path, config).status, 201);
  const auto version = store_.version();
  EXPECT_EQ(apply(path, config).status, 200);
  EXPECT_EQ(store_.version(), version);
  const auto secret =
      parse_sorted_json(R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":{"a":"b"}})")
          .value();
  EXPECT_EQ(apply("/api/v1/namespaces/default/secrets/s", secret).body["data"]["a"], "Yg==");
  const auto after = store_.version();
  apply("/api/v1/namespaces/default/secrets/s", secret);
  EXPECT_EQ(store_.version(), after);
}

TEST_F(ServiceTest, DryRunsWriteNothing) {
  const auto version = store_.version();
  EXPECT_EQ(call("POST", maps + "?dryRun=All", config_map("c", {})).status, 201);
  EXPECT_EQ(apply(maps + "/c", config_map("c", {}), "?fieldManager=f&dryRun=All").status, 201);
  EXPECT_EQ(store_.version(), version);
}

TEST_F(ServiceTest, GenerationCountsChangesOfIntent) {
  const auto path = std::string("/apis/apps/v1/namespaces/default/deployments/web");
  const auto config =
      parse_sorted_json(
          R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"selector":{"matchLabels":{"a":"b"}},
    "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}})")
          .value();
  EXPECT_EQ(apply(path, config).body["metadata"]["generation"], 1);
  const auto merge = "application/merge-patch+json";
  EXPECT_EQ(call("PATCH", path, {{"metadata", {{"labels", {{"x", "y"}}}}}}, merge).body["metadata"]["generation"], 1);
  EXPECT_EQ(call("PATCH", path + "/status", {{"status", {{"replicas", 5}}}, {"spec", {{"replicas", 9}}}}, merge)
                .body["metadata"]["generation"],
            1);
  EXPECT_EQ(call("PATCH", path + "/scale", {{"spec", {{"replicas", 3}}}}, merge).body["spec"]["replicas"], 3);
  const auto live = call("GET", path).body;
  EXPECT_EQ(live["metadata"]["generation"], 2);
  EXPECT_EQ(live["spec"]["replicas"], 3);
  EXPECT_EQ(live["status"]["replicas"], 5);
}

TEST_F(ServiceTest, FinalizersHoldADeletedObject) {
  auto held = config_map("c", {});
  held["metadata"]["finalizers"] = {"ex.org/hold"};
  call("POST", maps, held);
  EXPECT_TRUE(call("DELETE", maps + "/c").body["metadata"].contains("deletionTimestamp"));
  EXPECT_EQ(call("GET", maps + "/c").status, 200);
  call("PATCH", maps + "/c", {{"metadata", {{"finalizers", nullptr}}}}, "application/merge-patch+json");
  EXPECT_EQ(call("GET", maps + "/c").status, 404);
}

TEST_F(ServiceTest, ListsMetadataBySelectorInPages) {
  for (const auto* name : {"a", "b", "c"}) {
    auto map = config_map(name, {{"k", "v"}});
    map["metadata"]["labels"] = {{"mine", name == std::string("b") ? "no" : "yes"}};
    call("POST", maps, map);
  }
  const auto partial = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
  auto page =
      call("GET", "/api/v1/configmaps?labelSelector=mine=yes&limit=1", nullptr, "application/json", partial).body;
  EXPECT_EQ(page["kind"], "PartialObjectMetadataList");
  ASSERT_EQ(page["items"].size(), 1U);
  EXPECT_EQ(page["items"][0]["kind"], "PartialObjectMetadata");
  EXPECT_FALSE(page["items"][0].contains("data"));
  const auto next = page["metadata"]["continue"].get<std::string>();
  page = call("GET", "/api/v1/configmaps?labelSelector=mine=yes&limit=1&continue=" + next, nullptr, "application/json",
              partial)
             .body;
  EXPECT_EQ(page["items"][0]["metadata"]["name"], "c");
  EXPECT_FALSE(page["metadata"].contains("continue"));
}

TEST_F(ServiceTest, TablesAreForPeople) {
  call("POST", maps, config_map("c", {{"k", "v"}}));
  const auto table =
      call("GET", maps, nullptr, "application/json", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
          .body;
  EXPECT_EQ(table["kind"], "Table");
  EXPECT_EQ(table["columnDefinitions"][1]["name"], "Data");
  EXPECT_EQ(table["rows"][0]["cells"][0], "c");
  EXPECT_EQ(table["rows"][0]["cells"][1], 1);
}

TEST_F(ServiceTest, ADefinitionIsServedAtOnce) {
  EXPECT_EQ(call("GET", "/apis/ex.org/v1/namespaces/default/widgets").status, 404);
  const auto made = apply(crds + "/widgets.ex.org", definition());
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.body["status"]["conditions"][1]["type"], "Established");
  EXPECT_EQ(call("GET", "/apis/ex.org/v1").body["resources"][0]["name"], "widgets");
  const auto path = std::string("/apis/ex.org/v1/namespaces/default/widgets/w");
  const auto widget = [](const Json& spec) {
    return Json{{"apiVersion", "ex.org/v1"}, {"kind", "Widget"}, {"metadata", {{"name", "w"}}}, {"spec", spec}};
  };
  EXPECT_EQ(apply(path, widget({{"size", 2}})).status, 201);
  EXPECT_EQ(apply(path, widget(Json::object())).status, 422);
  EXPECT_EQ(apply(path, widget({{"size", 0}})).status, 422);
  EXPECT_EQ(apply(path, widget({{"size", 1}, {"none", 1}})).status, 500);
  EXPECT_EQ(call("PATCH", path, {{"spec", {{"size", 3}}}}, "application/strategic-merge-patch+json").status, 415);
  const auto table = call("GET", "/apis/ex.org/v1/widgets", nullptr, "application/json",
                          "application/json;as=Table;v=v1;g=meta.k8s.io")
                         .body;
  EXPECT_EQ(table["rows"][0]["cells"], (Json{"w", 2}));
}

TEST_F(ServiceTest, AggregatedDiscoveryComesInBothForms) {
  for (const auto* version : {"v2", "v2beta1"}) {
    const auto body =
        call("GET", "/apis", nullptr, "application/json",
             std::string("application/json;g=apidiscovery.k8s.io;v=") + version + ";as=APIGroupDiscoveryList")
            .body;
    EXPECT_EQ(body["apiVersion"], std::string("apidiscovery.k8s.io/") + version);
    EXPECT_GT(body["items"].size(), 10U);
  }
  EXPECT_EQ(call("GET", "/apis").body["kind"], "APIGroupList");
  EXPECT_EQ(call("GET", "/api/v1").body["kind"], "APIResourceList");
  EXPECT_EQ(call("GET", "/openapi/v3/apis/apps/v1").body["paths"].size(), 5U);
}

TEST_F(ServiceTest, ReadsYamlAndProtobufBodies) {
  EXPECT_EQ(
      apply(maps + "/y", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: y\ndata:\n  a: 'on'\n").body["data"]["a"],
      "on");
  // ConfigMap{metadata{name: "p"}, data{"k": "v"}}
  const std::string metadata("\x0a\x03\x0a\x01p", 5);
  const std::string data("\x12\x06\x0a\x01k\x12\x01v", 8);
  const std::string type_meta(
      "\x0a\x0f\x0a\x02v1\x12\x09"
      "ConfigMap",
      17);
  const auto message = metadata + data;
  const auto body = std::string("k8s\0", 4) + type_meta + "\x12" + static_cast<char>(message.size()) + message;
  http::ServerRequest request;
  request.method = "POST";
  request.path = maps;
  request.body = body;
  request.headers.add("Content-Type", "application/vnd.kubernetes.protobuf");
  EXPECT_EQ(service_.handle(bounded(), request).status, 201);
  EXPECT_EQ(call("GET", maps + "/p").body["data"], (Json{{"k", "v"}}));
  request.body.resize(request.body.size() - 3);
  EXPECT_EQ(service_.handle(bounded(), request).status, 400);
}

}  // namespace service_test
}  // namespace flux::sandbox
