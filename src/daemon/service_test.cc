#include "daemon/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/test_bounded.h"
#include "base/test_log.h"
#include "cluster/scripted_transport.h"
#include "daemon/run_job.h"
#include "git/test_upstream.h"

namespace flux::daemon {
namespace service_test {

using cluster::ScriptedTransport;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kCore =
    R"({"kind":"APIGroupDiscoveryList","items":[{"metadata":{},"versions":[{"version":"v1","freshness":"Current",
    "resources":[{"resource":"configmaps","responseKind":{"group":"","version":"v1","kind":"ConfigMap"},
    "scope":"Namespaced","verbs":["delete","list","patch","watch"]}]}]}]})";
constexpr const char* kGroups =
    R"({"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"apps"},"versions":[{"version":"v1",
    "freshness":"Current","resources":[{"resource":"deployments","responseKind":{"group":"apps","version":"v1",
    "kind":"Deployment"},"scope":"Namespaced","verbs":["delete","list","patch","watch"]}]}]}]})";
constexpr const char* kDeployments =
    R"({"metadata":{},"items":[{"metadata":{"name":"cart","namespace":"shop"}},
                               {"metadata":{"name":"other","namespace":"shop"}}]})";

constexpr const char* kCart =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\n"
    "  annotations: {fluxcd.io/locked: 'true'}\n";

std::optional<ScriptedTransport::Answer> answer(const http::ClientRequest& request) {
  const auto path = request.url.substr(std::string("https://api.test").size());
  if (path == "/api") return cluster::respond(200, kCore);
  if (path == "/apis") return cluster::respond(200, kGroups);
  if (path.find("/leases/") != std::string::npos)
    return cluster::respond(200, R"({"metadata":{"resourceVersion":"1"},
                            "spec":{"holderIdentity":"flux-old","leaseDurationSeconds":180}})");
  if (path.starts_with("/apis/apps/v1/deployments")) return cluster::respond(200, kDeployments);
  return cluster::respond(404);
}

/// A repository upstream, a cluster that answers from a table, and everything that a daemon has between them; its loop
/// does not run.
class ServiceTest : public git::testing::GitTest {
 protected:
  /// `get_ready`: waits until the repository can be read.
  void start(bool get_ready = true) {
    mirror.emplace(mirror_config);
    marker = sync::tag_marker(*mirror, "flux-sync", {"Flux", "flux@example.org", ""}, false);
    cluster::WatchCache::Options watch;
    cache.emplace(bounded(), *client, watch);
    options.branch = "main";
    options.notes_ref = "flux";
    serve();
    if (get_ready) make_ready(*mirror);
  }

  void serve() {
    service.emplace(
        options,
        ServiceParts{*mirror, *marker, {"set", *client, discovery, *cache}, state, nullptr, metrics, leadership.get()});
  }

  std::vector<std::string> pending(const std::string& ref) {
    const auto status = service->sync_status(bounded(), ref);
    return status ? *status : std::vector<std::string>{"error: " + status.error().message};
  }
  /// `ID ReadOnly policies` of every workload.
  std::vector<std::string> listed() {
    const auto list = service->list_services(bounded(), {});
    if (!list) return {"error: " + list.error().message};
    std::vector<std::string> out;
    for (const auto& status : *list)
      out.push_back(status.id.to_string() + " " + status.read_only + (status.locked() ? "locked" : ""));
    return out;
  }
  JobOutcome sync_job() {
    return run_job(bounded(), {*mirror, *marker, {"main", git::VerifyMode::none}}, "1", UpdateSpec());
  }

  std::shared_ptr<ScriptedTransport> transport = std::make_shared<ScriptedTransport>(answer);
  std::unique_ptr<cluster::Client> client = cluster::scripted_client(transport);
  cluster::Discovery discovery{*client, {}};
  metrics::Metrics metrics;
  SourceState state{metrics};
  git::MirrorConfig mirror_config = config();
  ServiceOptions options;
  std::optional<git::FetchingMirror> mirror;
  std::unique_ptr<sync::Marker> marker;
  std::optional<cluster::WatchCache> cache;
  std::unique_ptr<Leadership> leadership;  ///< none: we lead
  std::optional<Service> service;
};

TEST_F(ServiceTest, everything_is_pending_before_the_first_sync) {
  const auto one = upstream_.commit("a.yaml", "", "one");
  const auto two = upstream_.commit("a.yaml", "---\n", "two");
  start();
  EXPECT_THAT(pending("main"), ElementsAre(two, one));
  EXPECT_THAT(pending(one), ElementsAre(one));
  ASSERT_TRUE(marker->write(bounded(), one));
  EXPECT_THAT(pending(two.substr(0, 7)), ElementsAre(two));
  ASSERT_TRUE(marker->write(bounded(), two));
  EXPECT_THAT(pending("HEAD"), IsEmpty());
  EXPECT_THAT(pending("nothing"), ElementsAre(HasSubstr("error: ")));
}

TEST_F(ServiceTest, what_is_pending_are_commits_below_the_paths_unless_manifests_are_generated) {
  const auto inside = upstream_.commit("prod/a.yaml", "", "inside");
  const auto outside = upstream_.commit("dev/a.yaml", "", "outside");
  options.sync.git_paths = {"prod"};
  start();
  EXPECT_THAT(pending("main"), ElementsAre(inside));
  options.every_path = true;
  serve();
  EXPECT_THAT(pending("main"), ElementsAre(outside, inside));
}

TEST_F(ServiceTest, finds_jobs_of_an_earlier_life_in_the_notes_of_the_branch) {
  const auto policy = upstream_.commit("a.yaml", "", "policy");
  const auto release = upstream_.commit("a.yaml", "---\n", "release");
  const auto foreign = upstream_.commit("a.yaml", "", "foreign");
  const auto note = [&](const std::string& revision, const std::string& text) {
    upstream_.git({"notes", "--ref=flux", "add", "-m", text, revision});
  };
  note(policy,
       R"({"jobID":"job-1","spec":{"type":"policy","cause":{"Message":"","User":"Ann"},"spec":{}},"result":null})");
  note(release,
       R"({"jobID":"job-2","spec":{"type":"image","cause":{"Message":"","User":""},"spec":{"ServiceSpecs":["<all>"],
           "ImageSpec":"<all latest>","Kind":"execute","Excludes":null,"Force":false}},
           "result":{"shop:deployment/cart":{"Status":"success","PerContainer":null}}})");
  note(foreign, "looks good to me");
  start();
  const auto first = service->job_status(bounded(), "job-1");
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->state, api::JobState::succeeded);
  EXPECT_EQ(first->result.revision, policy);
  EXPECT_EQ(first->result.spec->cause.user, "Ann");
  EXPECT_TRUE(first->result.result.empty());
  const auto second = service->job_status(bounded(), "job-2");
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->result.revision, release);
  EXPECT_EQ(second->result.result.size(), 1U);
  const auto third = service->job_status(bounded(), "job-3");
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().kind, ErrorKind::missing);
  EXPECT_EQ(third.error().message, "unknown job \"job-3\"");
}

TEST_F(ServiceTest, a_sync_job_fetches_and_tells_the_head) {
  upstream_.commit("a.yaml", "", "one");
  start();
  const auto two = upstream_.commit("a.yaml", "---\n", "two");
  const auto outcome = sync_job();
  EXPECT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_EQ(outcome.result.revision, two);
  EXPECT_FALSE(outcome.result.spec);
}

TEST_F(ServiceTest, a_sync_job_fails_where_signatures_keep_the_head_back) {
  upstream_.commit("a.yaml", "", "one");
  start();
  const auto outcome = run_job(bounded(), {*mirror, *marker, {"main", git::VerifyMode::all}}, "1", UpdateSpec());
  ASSERT_TRUE(outcome.error);
  // Without any verified commit there is none that clients could carry on with.
  EXPECT_EQ(outcome.result.revision, "");
  EXPECT_EQ(outcome.error->message.find("last verified commit was"), std::string::npos) << outcome.error->message;
}

TEST_F(ServiceTest, only_syncs_are_queued_before_git_is_ready) {
  UpdateSpec policy;
  policy.detail = PolicyUpdates();
  const auto refusal = [&](const UpdateSpec& spec) {
    const auto id = service->update_manifests(bounded(), spec);
    return id ? "queued" : id.error().message;
  };
  upstream_.commit("a.yaml", "");
  start(false);
  EXPECT_EQ(refusal(policy), "git repo not ready: git repo has not been cloned yet");
  EXPECT_EQ(refusal(UpdateSpec()), "queued");
  make_ready(*mirror);
  EXPECT_EQ(refusal(policy), "queued");
  EXPECT_EQ(state.jobs.overview().queued.size(), 2U);
}

TEST_F(ServiceTest, a_read_only_repository_is_never_changed) {
  upstream_.commit("cart.yaml", kCart);
  mirror_config.read_only = true;
  start();
  UpdateSpec spec;
  spec.detail = ReleaseImageSpec();
  EXPECT_EQ(service->update_manifests(bounded(), spec).error().message,
            "cannot make a working clone of a read-only git repo");
  EXPECT_THAT(listed(), ElementsAre("shop:deployment/cart ReadOnlyModelocked", "shop:deployment/other NotInRepo"));
}

TEST_F(ServiceTest, lists_with_what_the_head_of_the_branch_says_whatever_was_synced) {
  upstream_.commit("a.yaml", "");
  start(false);
  EXPECT_THAT(listed(), ElementsAre("shop:deployment/cart NotReady", "shop:deployment/other NotReady"));
  make_ready(*mirror);
  EXPECT_THAT(listed(), ElementsAre("shop:deployment/cart NotInRepo", "shop:deployment/other NotInRepo"));
  upstream_.commit("cart.yaml", kCart);
  ASSERT_FALSE(sync_job().error);
  for (int i = 0; i < 2; ++i)
    EXPECT_THAT(listed(), ElementsAre("shop:deployment/cart locked", "shop:deployment/other NotInRepo"));
  upstream_.commit("bad.yaml", "a: [");
  ASSERT_FALSE(sync_job().error);
  for (int i = 0; i < 2; ++i)
    EXPECT_THAT(listed(),
                ElementsAre(HasSubstr("error: loading resources from repo: scanning multidoc from \"bad.yaml\"")));
}

TEST_F(ServiceTest, counts_what_it_asks_of_the_cluster_by_what_it_is_for) {
  start(false);
  const auto count = [&](const std::string& method, const std::string& success) {
    return HasSubstr("flux_platform_request_duration_seconds_count{method=\"" + method + "\",success=\"" + success +
                     "\"} 1\n");
  };
  ASSERT_TRUE(service->list_services(bounded(), {}));
  EXPECT_THAT(service->metrics_text(), count("AllWorkloads", "true"));
  ASSERT_TRUE(service->list_services(bounded(), {"", {ResourceId("shop", "deployment", "none")}}));
  EXPECT_THAT(service->metrics_text(), count("SomeWorkloads", "true"));
  EXPECT_FALSE(service->export_manifests(bounded())) << "this cluster lists no namespaces";
  EXPECT_THAT(service->metrics_text(), count("Export", "false"));
  EXPECT_FALSE(service->ping(bounded())) << "this cluster has no /version";
  EXPECT_THAT(service->metrics_text(), count("Ping", "false"));
}

TEST_F(ServiceTest, takes_from_the_loop_what_the_loop_has_read) {
  upstream_.commit("cart.yaml", kCart);
  start();
  SyncReport report;
  report.desired.revision = sync_job().result.revision;
  report.errors[ResourceId("shop", "deployment", "other")] = {"", Error{ErrorKind::user, "refused", ""}};
  state.report.publish(report);
  EXPECT_THAT(listed(), ElementsAre("shop:deployment/cart NotInRepo", "shop:deployment/other NotInRepo"));
  EXPECT_EQ(service->list_services(bounded(), {})->at(1).sync_error, "refused");
}

TEST_F(ServiceTest, without_a_repository_nothing_is_in_it) {
  mirror_config.url.reset();
  start(false);
  EXPECT_THAT(listed(), ElementsAre("shop:deployment/cart NoRepo", "shop:deployment/other NoRepo"));
  EXPECT_THAT(pending("main"), ElementsAre("error: git repo does not have valid config"));
  EXPECT_EQ(service->job_status(bounded(), "x").error().kind, ErrorKind::user);
  const auto status = service->status(bounded());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->git_status, "unconfigured");
  EXPECT_FALSE(status->last_sync);
  EXPECT_THAT(service->ready().error().help, HasSubstr("--git-url"));
  EXPECT_THAT(service->git_repo_config(bounded(), false)->errors, HasSubstr("--git-url"));
}

TEST_F(ServiceTest, a_diff_is_of_what_was_fetched_and_changes_nothing) {
  upstream_.commit("cart.yaml", kCart);
  start();
  const auto revision = sync_job().result.revision;
  const auto diff = service->diff(bounded(), "");
  ASSERT_TRUE(diff) << diff.error().message;
  EXPECT_EQ(diff->revision, revision);
  ASSERT_EQ(diff->changes.size(), 1U);
  EXPECT_EQ(diff->changes[0].id, "shop:deployment/cart");
  EXPECT_EQ(diff->changes[0].action, api::DiffAction::create);
  for (const auto& request : transport->requests())
    EXPECT_TRUE(request.method == "GET" || request.url.find("dryRun=All") != std::string::npos) << request.url;
  EXPECT_FALSE(service->diff(bounded(), "nothing"));
}

TEST_F(ServiceTest, status_tells_of_the_sync_and_of_what_is_out_of_step) {
  upstream_.commit("cart.yaml", kCart);
  start(false);
  SyncReport report;
  report.live_revision = "5f3c";
  report.errors[ResourceId("shop", "deployment", "cart")] = {"cart.yaml", Error{ErrorKind::user, "refused", ""}};
  report.desired.unscoped =
      std::make_shared<const std::vector<UnscopedResource>>(1, UnscopedResource{"shop:foo/a", "foo.yaml", "unknown"});
  report.last = SyncEnd{Timestamp(), std::chrono::seconds(2), "6a4d", Error{ErrorKind::server, "no luck", ""}};
  state.report.publish(report);
  state.past_errors.note("earlier");
  const auto id = state.jobs.enqueue(UpdateSpec()).value();
  const auto status = service->status(bounded());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->live_revision, "5f3c");
  EXPECT_THAT(status->out_of_step, ElementsAre(api::OutOfStep{"shop:deployment/cart", "refused", "cart.yaml"},
                                               api::OutOfStep{"shop:foo/a", "unknown", "foo.yaml"}));
  EXPECT_EQ(status->last_sync, (api::LastSync{Timestamp(), std::chrono::seconds(2), "6a4d", false, "no luck"}));
  EXPECT_THAT(status->queued_jobs, ElementsAre(api::JobSummary{id, "sync", "", ""}));
  ASSERT_EQ(status->last_errors.size(), 1U);
  EXPECT_EQ(status->last_errors[0].message, "earlier");
}

TEST_F(ServiceTest, status_of_one_who_waits_tells_of_what_is_fetched_now) {
  const auto revision = upstream_.commit("cart.yaml", kCart);
  start();
  state.fetched_head.publish("of its last term");
  EXPECT_EQ(service->status(bounded())->head, "of its last term");
  const KeptLog log;
  leadership = *Leadership::start(Context().with_log(log.log()), *client, {"flux", "fluxd-1", "flux-new"});
  ASSERT_TRUE(log.wait_for("another fluxd leads"));
  serve();
  const auto status = service->status(bounded());
  EXPECT_EQ(status->leader, "flux-old");
  EXPECT_EQ(status->head, revision);
}

TEST_F(ServiceTest, there_is_a_public_key_only_where_there_is_a_deploy_key) {
  start(false);
  EXPECT_EQ(service->public_ssh_key(bounded(), false).value(), api::PublicKey());
  EXPECT_EQ(service->git_repo_config(bounded(), false)->url, upstream_.url());
  EXPECT_EQ(service->git_repo_config(bounded(), true).error().kind, ErrorKind::user);
}

}  // namespace service_test
}  // namespace flux::daemon
