#include "sandbox/sandbox.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "base/test_bounded.h"
#include "base/test_temp_dir.h"
#include "http/client.h"
#include "http/testing/blocking_stream.h"
#include "sandbox/kubeconfig.h"
#include "sandbox/schema.h"

namespace flux::sandbox {
namespace sandbox_test {

/// A whole sandbox and a client. Nothing sleeps: what takes time is watched.
class SandboxTest : public ::testing::Test {
 protected:
  SandboxTest() : sandbox_(Sandbox::start("127.0.0.1:0", Log()).value()), client_(http::Client::make({}).value()) {}

  http::ClientResponse call(const std::string& method, const std::string& path, const Json& body = nullptr,
                            const std::string& type = "application/json") {
    http::ClientRequest request;
    request.method = method;
    request.url = sandbox_->url() + path;
    request.headers.add("Content-Type", type);
    if (!body.is_null()) request.body = dump_json(body);
    return client_->send(bounded(), request).value();
  }

  /// Watches until `enough` says so; the events seen, or none when 60 s were not enough.
  template <class Enough>
  std::vector<Json> watch(const std::string& path, Enough enough) {
    http::ClientRequest request;
    request.url = sandbox_->url() + path;
    request.headers.add("Accept", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json");
    std::vector<Json> events;
    std::string pending;
    bool done = false;
    const auto on_data = [&](std::string_view bytes) {
      pending += bytes;
      for (auto end = pending.find('\n'); end != std::string::npos && !done; end = pending.find('\n')) {
        events.push_back(parse_sorted_json(pending.substr(0, end)).value());
        pending.erase(0, end + 1);
        done = enough(events);
      }
      return !done;
    };
    (void)http::testing::stream(*client_, Context().with_timeout(std::chrono::seconds(60)), request, on_data,
                                std::chrono::seconds(60));
    if (!done) events.clear();
    return events;
  }

  void wait_gone(const std::string& collection, const std::string& name, const std::string& version) {
    const auto events =
        watch(collection + "?watch=true&resourceVersion=" + version + "&fieldSelector=metadata.name=" + name,
              [](const auto& seen) { return seen.back()["type"] == "DELETED"; });
    EXPECT_FALSE(events.empty()) << name;
  }

  static Json deployment(int replicas) {
    auto out =
        parse_sorted_json(
            R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"selector":{"matchLabels":{"a":"b"}},
      "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}})")
            .value();
    out["spec"]["replicas"] = replicas;
    return out;
  }

  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<http::Client> client_;
};

const std::string maps = "/api/v1/namespaces/default/configmaps";
const std::string deployments = "/apis/apps/v1/namespaces/default/deployments";

TEST_F(SandboxTest, AWatchByLabelSeesObjectsComeAndGo) {
  const auto merge = "application/merge-patch+json";
  const auto start =
      parse_sorted_json(call("GET", maps).body).value()["metadata"]["resourceVersion"].get<std::string>();
  call("POST", maps, {{"metadata", {{"name", "c"}}}});
  call("PATCH", maps + "/c", {{"metadata", {{"labels", {{"mine", "yes"}}}}}}, merge);
  call("PATCH", maps + "/c", {{"data", {{"a", "b"}}}}, merge);
  call("PATCH", maps + "/c", {{"metadata", {{"labels", nullptr}}}}, merge);
  call("PATCH", maps + "/c", {{"metadata", {{"labels", {{"mine", "yes"}}}}}}, merge);
  call("DELETE", maps + "/c");
  const auto events = watch("/api/v1/configmaps?watch=true&labelSelector=mine&resourceVersion=" + start,
                            [](const auto& seen) { return seen.size() == 5; });
  std::vector<std::string> types;
  for (const auto& event : events) types.push_back(event["type"]);
  EXPECT_EQ(types, (std::vector<std::string>{"ADDED", "MODIFIED", "DELETED", "ADDED", "DELETED"}));
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events[0]["object"]["kind"], "PartialObjectMetadata");
  EXPECT_GT(std::stoul(events[2]["object"]["metadata"]["resourceVersion"].get<std::string>()),
            std::stoul(events[1]["object"]["metadata"]["resourceVersion"].get<std::string>()));
}

TEST_F(SandboxTest, AWatchListTellsWhenItIsComplete) {
  call("POST", maps, {{"metadata", {{"name", "c"}}}});
  const auto events =
      watch(maps + "?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan",
            [](const auto& seen) { return seen.back()["type"] == "BOOKMARK"; });
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1]["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"], "true");
}

TEST_F(SandboxTest, ADeploymentRollsOutAndItsPodsGoWithIt) {
  call("POST", deployments, deployment(2));
  const auto pods = watch("/api/v1/namespaces/default/pods?watch=true", [](const auto& seen) {
    std::set<std::string> managers;
    for (const auto& event : seen) {
      for (const auto& entry : event["object"]["metadata"].value("managedFields", Json::array())) {
        if (entry["manager"] == "kubelet") managers.insert(event["object"]["metadata"]["name"]);
      }
    }
    return managers.size() == 2;
  });
  ASSERT_FALSE(pods.empty());
  const auto list = parse_sorted_json(call("GET", "/api/v1/namespaces/default/pods").body).value();
  ASSERT_EQ(list["items"].size(), 2U);
  EXPECT_EQ(list["items"][0]["status"]["phase"], "Running");
  const auto version = list["metadata"]["resourceVersion"].get<std::string>();
  call("DELETE", deployments + "/web");
  for (const auto& pod : list["items"]) wait_gone("/api/v1/namespaces/default/pods", pod["metadata"]["name"], version);
}

TEST_F(SandboxTest, ADeletedNamespaceTakesItsContentAlong) {
  call("POST", "/api/v1/namespaces", {{"metadata", {{"name", "team"}}}});
  call("POST", "/api/v1/namespaces/team/configmaps", {{"metadata", {{"name", "c"}}}});
  const auto gone = parse_sorted_json(call("DELETE", "/api/v1/namespaces/team").body).value();
  EXPECT_EQ(gone["status"]["phase"], "Terminating");
  const auto version = parse_sorted_json(call("GET", "/api/v1/namespaces/default").body)
                           .value()["metadata"]["resourceVersion"]
                           .get<std::string>();
  wait_gone("/api/v1/namespaces", "team", version);
  EXPECT_EQ(call("GET", "/api/v1/namespaces/team/configmaps/c").status, 404);
}

TEST_F(SandboxTest, ADeletedDefinitionTakesItsObjectsAlong) {
  const auto crds = std::string("/apis/apiextensions.k8s.io/v1/customresourcedefinitions");
  const auto made =
      call("POST", crds,
           parse_sorted_json(R"({"metadata":{"name":"widgets.ex.org"},"spec":{"group":"ex.org","scope":"Cluster",
    "names":{"plural":"widgets","kind":"Widget"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}})")
               .value());
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(call("POST", "/apis/ex.org/v1/widgets",
                 {{"metadata", {{"name", "w"}}}, {"apiVersion", "ex.org/v1"}, {"kind", "Widget"}})
                .status,
            201);
  const auto version = parse_sorted_json(made.body).value()["metadata"]["resourceVersion"].get<std::string>();
  call("DELETE", crds + "/widgets.ex.org");
  wait_gone(crds, "widgets.ex.org", version);
  EXPECT_EQ(call("GET", "/apis/ex.org/v1/widgets/w").status, 404);
}

TEST(Kubeconfig, IsWrittenForItsOwnerOnly) {
  const TempDir directory;
  const auto path = (directory.path() / "config").string();
  ASSERT_TRUE(write_kubeconfig(path, "http://127.0.0.1:1"));
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str(), kubeconfig_for("http://127.0.0.1:1"));
  const auto refused = write_kubeconfig((directory.path() / "none" / "config").string(), "http://x");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::user);
}

TEST(Sandbox, CannotBindAnAddressInUse) {
  const auto first = Sandbox::start("127.0.0.1:0", Log()).value();
  const auto second = Sandbox::start(first->url().substr(7), Log());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::user);
}

}  // namespace sandbox_test
}  // namespace flux::sandbox
