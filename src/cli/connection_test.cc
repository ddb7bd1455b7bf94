#include "cli/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/canned_daemon.h"

namespace flux::cli {
namespace connection_test {

using testing::ElementsAre;
using testing::Pair;

using Environment = std::map<std::string, std::string, std::less<>>;

Result<Route> route(const std::vector<std::string>& args, const Environment& environment) {
  GlobalFlags globals;
  FlagSet flags(globals.table(""));
  EXPECT_TRUE(flags.parse(args));
  return choose_route({globals, flags.all_changed(), {}}, [&](std::string_view name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  });
}

struct RouteCase {
  const char* why;
  std::vector<std::string> args;
  Environment environment;
  std::string url;
  std::string token;
  std::string ns = "default";
};

TEST(ConnectionTest, PrefersTheCommandLineToTheEnvironment) {
  const std::vector<RouteCase> cases{
      {"by default through a tunnel", {}, {}, "", ""},
      {"a URL", {"--url=http://a"}, {{"FLUX_URL", "http://b"}}, "http://a", ""},
      {"a URL of the environment", {}, {{"FLUX_URL", "http://b"}}, "http://b", ""},
      {"an empty URL is given, too", {"--url="}, {{"FLUX_URL", "http://b"}}, "", ""},
      {"a token leads to the hosted service", {"-t", "x"}, {}, "https://cloud.weave.works/api/flux", "x"},
      {"unless there is a URL", {"-t", "x", "-u", "http://a"}, {}, "http://a", "x"},
      {"a token of the environment", {}, {{"FLUX_SERVICE_TOKEN", "x"}}, "https://cloud.weave.works/api/flux", "x"},
      {"the other variable wins",
       {},
       {{"FLUX_SERVICE_TOKEN", "x"}, {"WEAVE_CLOUD_TOKEN", "y"}},
       "https://cloud.weave.works/api/flux",
       "y"},
      {"an empty token counts as given", {"--token="}, {{"WEAVE_CLOUD_TOKEN", "y"}}, "", ""},
      {"a namespace", {"--k8s-fwd-ns=a"}, {{"FLUX_FORWARD_NAMESPACE", "b"}}, "", "", "a"},
      {"a namespace of the environment", {}, {{"FLUX_FORWARD_NAMESPACE", "b"}}, "", "", "b"},
  };
  for (const auto& row : cases) {
    const auto chosen = route(row.args, row.environment);
    ASSERT_TRUE(chosen) << row.why;
    EXPECT_EQ(chosen->url, row.url) << row.why;
    EXPECT_EQ(chosen->token.reveal(), row.token) << row.why;
    EXPECT_EQ(chosen->daemon.ns, row.ns) << row.why;
  }
}

TEST(ConnectionTest, ReadsLabelsAndTimeoutOfTheEnvironment) {
  EXPECT_THAT(route({}, {})->daemon.labels, ElementsAre(Pair("app", "flux")));
  EXPECT_THAT(route({}, {{"FLUX_FORWARD_LABELS", "a=b,c=d"}})->daemon.labels,
              ElementsAre(Pair("a", "b"), Pair("c", "d")));
  EXPECT_EQ(route({}, {})->timeout, std::chrono::minutes(1));
  EXPECT_EQ(route({}, {{"FLUX_TIMEOUT", "90s"}})->timeout, std::chrono::seconds(90));
  EXPECT_EQ(route({}, {{"FLUX_TIMEOUT", "60"}})->timeout, std::chrono::seconds(60));
  EXPECT_EQ(route({"--timeout=2m"}, {{"FLUX_TIMEOUT", "sixty"}})->timeout, std::chrono::minutes(2));
  EXPECT_EQ(route({}, {{"FLUX_TIMEOUT", "sixty"}}).error().message,
            "reading FLUX_TIMEOUT: time: invalid duration \"sixty\"");
  EXPECT_EQ(route({}, {{"FLUX_FORWARD_LABELS", "flux"}}).error().message,
            "reading FLUX_FORWARD_LABELS: flux must be formatted as key=value");
}

TEST(ConnectionTest, TakesTheWorkloadNamespaceFromTheContext) {
  const auto file = std::filesystem::path(testing::TempDir()) / ("cli-kubeconfig-" + std::to_string(getpid()));
  std::ofstream(file) << R"({"current-context":"one","clusters":[{"name":"c","cluster":{"server":"http://x"}}],
    "contexts":[{"name":"one","context":{"cluster":"c","namespace":"shop"}},
                {"name":"two","context":{"cluster":"c","namespace":"bank"}},
                {"name":"three","context":{"cluster":"c"}}]})";
  Attempt run;
  Invocation line;
  EXPECT_EQ(workload_namespace("", line, run.world), "default");
  run.world.kubernetes.kubeconfig = file.string();
  EXPECT_EQ(workload_namespace("", line, run.world), "shop");
  EXPECT_EQ(workload_namespace("given", line, run.world), "given");
  line.globals.context = "two";
  EXPECT_EQ(workload_namespace("", line, run.world), "bank");
  line.globals.context = "three";
  EXPECT_EQ(workload_namespace("", line, run.world), "default");
  std::filesystem::remove(file);
}

TEST(ConnectionTest, OpensATunnelToTheDaemonThatWasAskedFor) {
  CannedDaemon daemon;
  daemon.on("GET /v6/services", {"[]"});
  class Straight : public Tunnel {
   public:
    explicit Straight(std::string url) : url_(std::move(url)) {}
    [[nodiscard]] std::string url() const override { return url_; }
    [[nodiscard]] std::optional<Error> failure() const override { return std::nullopt; }

   private:
    std::string url_;
  };
  Attempt run;
  cluster::DaemonQuery asked;
  std::string context;
  run.world.open_tunnel = [&](const Context&, const cluster::ConfigSources& sources,
                              const cluster::DaemonQuery& query) -> Result<std::unique_ptr<Tunnel>> {
    asked = query;
    context = sources.context;
    return std::make_unique<Straight>(daemon.url());
  };
  run.world.environment["FLUX_FORWARD_NAMESPACE"] = "flux";
  EXPECT_EQ(run({"list-workloads", "-n", "shop", "--context=prod", "--k8s-fwd-labels=app=agent"}).status, 0);
  EXPECT_EQ(asked.ns, "flux");
  EXPECT_THAT(asked.labels, ElementsAre(Pair("app", "agent")));
  EXPECT_EQ(context, "prod");
  EXPECT_THAT(daemon.requests(), ElementsAre("GET /v6/services?namespace=shop"));
}

}  // namespace connection_test
}  // namespace flux::cli
