#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/canned_daemon.h"

namespace flux::cli {
namespace lists_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kWorkloads = R"([
  {"ID":"shop:helmrelease/db","Containers":[{"Name":"chart-image","Current":{"ID":"acme/db:5"}}],"Status":""},
  {"ID":"shop:deployment/web","Status":"updating","SyncError":"no such field",
   "Rollout":{"Desired":3,"Updated":2,"Ready":1,"Available":1,"Outdated":1,"Messages":null},
   "Containers":[{"Name":"web","Current":{"ID":"ghcr.io/acme/web:1.4.0"}},
                 {"Name":"proxy","Current":{"ID":"envoyproxy/envoy:v1.20"}}],
   "Policies":{"locked":"true","automated":"true","tag.web":"glob:1.*"}},
  {"ID":"shop:cronjob/nightly","Containers":[{"Name":"job","Current":{"ID":"acme/nightly:7"}}],"Status":"ready"}])";

TEST(ListWorkloadsTest, PrintsATable) {
  CannedDaemon daemon;
  daemon.on("GET /v6/services", {kWorkloads});
  const auto ran = run_against(daemon, {"list-workloads", "-n", "shop"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out,
            "WORKLOAD              CONTAINER    IMAGE                   RELEASE   POLICY\n"
            "shop:cronjob/nightly  job          acme/nightly:7          ready     \n"
            "shop:deployment/web   web          ghcr.io/acme/web:1.4.0  updating  automated,locked\n"
            "                      proxy        envoyproxy/envoy:v1.20            \n"
            "shop:helmrelease/db   chart-image  acme/db:5                         \n");
  EXPECT_THAT(daemon.requests(), ElementsAre("GET /v6/services?namespace=shop"));
}

TEST(ListWorkloadsTest, WarnsOfFiltersBesideTheTable) {
  CannedDaemon daemon;
  daemon.on(
      "GET /v6/services",
      {R"([{"ID":"shop:deployment/web","Status":"ready","Containers":[{"Name":"web","Current":{"ID":"acme/web:1"},)"
       R"("AvailableError":"its filter semver:~3. is not valid"},{"Name":"proxy","Current":{"ID":"envoy:1"}}]}])"});
  const auto table = run_against(daemon, {"list-workloads", "--no-headers"});
  EXPECT_EQ(table.out,
            "shop:deployment/web  web    acme/web:1  ready  \n"
            "                     proxy  envoy:1            \n");
  EXPECT_EQ(table.err, "Warning: shop:deployment/web, container web: its filter semver:~3. is not valid\n");
  EXPECT_EQ(table.status, 0);
  const auto json = run_against(daemon, {"list-workloads", "-o", "json"});
  EXPECT_THAT(json.out, HasSubstr(R"("AvailableError":"its filter semver:~3. is not valid")"));
  EXPECT_EQ(json.err, "");
}

TEST(ListWorkloadsTest, KeepsThoseWithTheContainerWhole) {
  CannedDaemon daemon;
  daemon.on("GET /v6/services", {kWorkloads});
  EXPECT_EQ(run_against(daemon, {"list-controllers", "-n", "x", "-a", "-c", "proxy", "--no-headers"}).out,
            "shop:deployment/web  web    ghcr.io/acme/web:1.4.0  updating  automated,locked\n"
            "                     proxy  envoyproxy/envoy:v1.20            \n");
  EXPECT_THAT(daemon.requests(), ElementsAre("GET /v6/services?namespace="));
}

TEST(ListWorkloadsTest, PrintsTheHeaderAloneWhenThereIsNothing) {
  for (const auto* nothing : {"null", "[]"}) {
    CannedDaemon daemon;
    daemon.on("GET /v6/services", {nothing});
    const auto ran = run_against(daemon, {"list-workloads"});
    EXPECT_EQ(ran.out, "WORKLOAD  CONTAINER  IMAGE  RELEASE  POLICY\n");
    EXPECT_EQ(ran.err, "");
    EXPECT_EQ(run_against(daemon, {"list-workloads", "-o", "json"}).out, "null\n");
  }
}

TEST(ListWorkloadsTest, HelpsPeopleWhoSeeNothing) {
  CannedDaemon daemon;
  daemon.on("GET /v6/services", {"[]"});
  Attempt run;
  run.world.err_is_terminal = true;
  EXPECT_THAT(run({"list-workloads", "--url=" + daemon.url()}).err, HasSubstr("namespace \"default\""));
}

TEST(ListWorkloadsTest, PrintsJsonAndYaml) {
  CannedDaemon daemon;
  daemon.on("GET /v6/services", {R"([{"ID":"b:deployment/web","Status":"<&>"},{"ID":"a:deployment/web"}])"});
  const auto json = run_against(daemon, {"list-workloads", "-o", "json"}).out;
  EXPECT_THAT(json, StartsWith(R"([{"ID":"a:deployment/web","Containers":[],"ReadOnly":"","Status":"",)"
                               R"("Rollout":{"Desired":0,)"));
  EXPECT_THAT(json, HasSubstr(R"("Status":"\u003c\u0026\u003e")"));
  EXPECT_THAT(json, testing::EndsWith("}]\n"));
  const auto yaml = run_against(daemon, {"list-workloads", "-o", "yaml"}).out;
  EXPECT_THAT(yaml, HasSubstr("\n  ID: b:deployment/web\n"));
  EXPECT_THAT(yaml, HasSubstr("\n  Status: <&>\n"));
}

TEST(ListWorkloadsTest, ShowsMoreWhenAskedFor) {
  CannedDaemon daemon;
  daemon.on("GET /v6/services", {kWorkloads});
  EXPECT_THAT(run_against(daemon, {"list-workloads", "-o", "wide", "-c", "web"}).out,
              HasSubstr("updating  1/3              automated,locked  no such field\n"));
  const auto ran = run_against(daemon, {"list-workloads", "-o", "xml"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, StartsWith("Error: invalid output format specified\n"));
}

constexpr const char* kImages = R"([
  {"ID":"shop:deployment/web","Containers":[
    {"Name":"web","Current":{"ID":"ghcr.io/acme/web:1.4.0"},"AvailableImagesCount":5,"Available":[
      {"ID":"ghcr.io/acme/web:1.6.0","CreatedAt":"2021-03-03T10:00:00Z"},
      {"ID":"ghcr.io/acme/web:1.5.0","CreatedAt":"2021-02-02T12:00:00+02:00"},
      {"ID":"ghcr.io/acme/web:1.4.2"},
      {"ID":"ghcr.io/acme/web:1.4.1"},
      {"ID":"ghcr.io/acme/web:1.4.0","CreatedAt":"2021-01-01T10:00:00Z"}]},
    {"Name":"proxy","Current":{"ID":"envoyproxy/envoy:v1.20"}}]},
  {"ID":"shop:cronjob/nightly"}])";

TEST(ListImagesTest, PrintsATable) {
  CannedDaemon daemon;
  daemon.on("GET /v10/images", {kImages});
  const auto ran = run_against(daemon, {"list-images", "-n", "shop", "--limit=2"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out,
            "WORKLOAD              CONTAINER  IMAGE                   CREATED\n"
            "shop:cronjob/nightly                                     \n"
            "shop:deployment/web   web        ghcr.io/acme/web        \n"
            "                                 |   1.6.0               03 Mar 21 10:00 UTC\n"
            "                                 |   1.5.0               02 Feb 21 10:00 UTC\n"
            "                                 : (2 image(s) omitted)  \n"
            "                                 '-> 1.4.0               01 Jan 21 10:00 UTC\n"
            "                      proxy      envoyproxy/envoy        image data not available\n"
            "                                 '-> v1.20               ?\n");
  EXPECT_THAT(daemon.requests(), ElementsAre("GET /v10/images?containerFields=&namespace=shop&service=%3Call%3E"));
}

struct TableCase {
  const char* why;
  std::vector<std::string> args;
  const char* container;
  const char* rows;
};

TEST(ListImagesTest, MarksTheImageThatRuns) {
  const std::vector<TableCase> cases{
      {"in the middle",
       {},
       R"({"Name":"c","Current":{"ID":"a:2"},"Available":[{"ID":"a:3"},{"ID":"a:2"},{"ID":"a:1"}]})",
       "shop:job/x  c  a      \n"
       "               |   3  \n"
       "               '-> 2  \n"
       "                   1  \n"},
      {"just beyond the limit",
       {"-l1"},
       R"({"Name":"c","Current":{"ID":"a:2"},"Available":[{"ID":"a:3"},{"ID":"a:2"},{"ID":"a:1"}]})",
       "shop:job/x  c  a      \n"
       "               |   3  \n"
       "               '-> 2  \n"},
      {"not among them",
       {"--limit=0"},
       R"({"Name":"c","Current":{"ID":"a:9"},"Available":[{"ID":"a:3"}]})",
       "shop:job/x  c  a      \n"
       "               |   3  \n"
       "               '-> 9  ?\n"},
      {"without a tag, and the reason why nothing is known",
       {"--limit=-1"},
       R"({"Name":"c","Current":{"ID":"a"},"AvailableError":"no credentials"})",
       "shop:job/x  c  a               no credentials\n"
       "               '-> (untagged)  ?\n"},
  };
  for (const auto& row : cases) {
    CannedDaemon daemon;
    daemon.on("GET /v10/images", {std::string(R"([{"ID":"shop:job/x","Containers":[)") + row.container + "]}]"});
    auto args = row.args;
    args.insert(args.begin(), {"list-images", "--no-headers", "-w", "shop:job/x"});
    EXPECT_EQ(run_against(daemon, args).out, row.rows) << row.why;
    EXPECT_THAT(daemon.requests(), ElementsAre("GET /v10/images?containerFields=&namespace=&service=shop%3Ajob%2Fx"));
  }
}

TEST(ListImagesTest, SaysWhyATagIsNoImageWhenAskedFor) {
  CannedDaemon daemon;
  daemon.on("GET /v10/images",
            {R"([{"ID":"shop:job/x","Containers":[{"Name":"c","Current":{"ID":"a:1"},"Available":[{"ID":"a:1"},)"
             R"({"ID":":6.0.0"}],"Excluded":{"6.0.0":"not an image: chart"}}]}])"});
  EXPECT_EQ(run_against(daemon, {"list-images", "--no-headers", "--all-tags", "-n", "shop"}).out,
            "shop:job/x  c  a          \n"
            "               '-> 1      \n"
            "                   6.0.0  not an image: chart\n");
  EXPECT_THAT(daemon.requests(),
              ElementsAre("GET /v10/images?all=true&containerFields=&namespace=shop&service=%3Call%3E"));
}

TEST(ListImagesTest, CutsJsonAtTheLimitToo) {
  CannedDaemon daemon;
  daemon.on("GET /v10/images", {kImages});
  const auto json = run_against(daemon, {"list-images", "-o", "json", "-l", "1"}).out;
  EXPECT_THAT(json, HasSubstr("web:1.6.0"));
  EXPECT_THAT(json, testing::Not(HasSubstr("web:1.5.0")));
  EXPECT_THAT(json, HasSubstr(R"("AvailableImagesCount":5)"));
  EXPECT_THAT(run_against(daemon, {"list-images", "-o", "json", "-l", "0"}).out, HasSubstr("web:1.4.1"));
  EXPECT_THAT(run_against(daemon, {"list-images", "-o", "json", "-l", "-1"}).err,
              StartsWith("Error: opts.limit cannot be less than 0\n"));
}

TEST(ListImagesTest, TakesOneWorkloadOnly) {
  EXPECT_THAT(Attempt()({"list-images", "-w", "a", "-c", "b"}).err,
              HasSubstr("\nError: can't specify both the controller and image\n"));
  EXPECT_THAT(Attempt()({"list-images", "-w", "a"}).err, StartsWith("Error: parsing a: invalid service ID\n"));
}

}  // namespace lists_test
}  // namespace flux::cli
