#include "api/client.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <mutex>

#include "api/handlers.h"
#include "api/testing/told_service.h"
#include "base/test_bounded.h"
#include "http/server.h"

namespace flux::api {
namespace client_test {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::unique_ptr<http::Server> serve(http::Handler handler) {
  return http::Server::listen("127.0.0.1:0", {}, std::move(handler), {}).value();
}

Bounded patient() { return Context().with_timeout(seconds(30)); }

std::string url_of(const http::Server& server, const std::string& host = "127.0.0.1") {
  return fmt::format("http://{}:{}/api/flux", host, server.port());
}

std::unique_ptr<Client> client_of(ClientOptions options) { return Client::make(std::move(options)).value(); }

/// Both sides as they are, the service told what to answer.
class ClientTest : public ::testing::Test {
 protected:
  testing::ToldService service;
  std::unique_ptr<http::Server> server = serve(api_handler(service, {}));
  std::unique_ptr<Client> client = client_of({.url = url_of(*server) + "/"});
};

TEST_F(ClientTest, AsksAndUnderstandsEveryCall) {
  service.services = {{ResourceId("shop", "deployment", "cart")}};
  service.images = {{ResourceId("shop", "deployment", "cart"), {{"cart"}}}};
  service.job.state = JobState::succeeded;
  service.job.result.revision = "c1";
  service.commits = {"c2", "c1"};
  service.yaml = "a: \xC3\xA9\n";
  service.config.public_key.key = "ssh-rsa AAAA\n";
  service.page.live_revision = "c1";
  service.changes.revision = "c2";
  const UpdateSpec spec{{"m", "Ann <a@b>"}, PolicyUpdates{{ResourceId("a", "job", "b"), {{{"locked", "true"}}, {}}}}};

  EXPECT_TRUE(client->ping(patient()));
  EXPECT_EQ(client->version(patient()).value(), "1.25.4");
  EXPECT_EQ(client->list_services(patient(), {"shop", {}}).value(), service.services);
  EXPECT_EQ(client->list_services(patient(), {"", {ResourceId("a", "job", "b"), ResourceId("c", "job", "d")}}).value(),
            service.services);
  EXPECT_EQ(client->list_images(patient(), {{}, {"Name"}, "shop"}).value(), service.images);
  EXPECT_EQ(client->list_images(patient(), {ResourceId("a", "job", "b"), {}, ""}).value(), service.images);
  EXPECT_EQ(client->list_images(patient(), {.all_tags = true}).value(), service.images);
  EXPECT_EQ(client->update_manifests(patient(), spec).value(), "0b6a");
  EXPECT_EQ(client->job_status(patient(), "0b6a").value(), service.job);
  EXPECT_EQ(client->sync_status(patient(), "HEAD~1 x").value(), service.commits);
  EXPECT_EQ(client->export_manifests(patient()).value(), service.yaml);
  EXPECT_EQ(client->git_repo_config(patient(), true).value(), service.config);
  EXPECT_EQ(client->status(patient()).value(), service.page);
  EXPECT_EQ(client->diff(patient(), "dev").value(), service.changes);
  service.explanation = {ResourceId("shop", "deployment", "web"),
                         {"It is not automated."},
                         {{.name = "web",
                           .image = {"", "web", "1", ""},
                           .filter = "glob:*",
                           .outcome = "update",
                           .summary = "2 should run.",
                           .choice = "2",
                           .scanned = parse_timestamp("2021-03-09T10:11:12Z"),
                           .tags = {{.tag = "2", .created = parse_timestamp("2021-03-09T00:00:00Z"), .reason = "is it"},
                                    {.tag = "1", .why = "older", .reason = "is older"}}}}};
  EXPECT_EQ(client->explain(patient(), service.explanation.id, true).value(), service.explanation);
  EXPECT_THAT(service.asked(), ElementsAre("ping", "list_services [shop]", "list_services [] a:job/b c:job/d",
                                           "list_images [shop] ", "list_images [] a:job/b", "list_images []  all",
                                           "update_manifests " + encode_json(to_json(spec)), "job_status 0b6a",
                                           "sync_status HEAD~1 x", "export_manifests", "git_repo_config new", "status",
                                           "diff dev", "explain shop:deployment/web all"));
}

TEST_F(ClientTest, TakesNullForNothing) {
  EXPECT_TRUE(client->list_services(patient(), {})->empty());
  EXPECT_TRUE(client->list_images(patient(), {})->empty());
  EXPECT_TRUE(client->sync_status(patient(), "x")->empty());
  EXPECT_EQ(client->export_manifests(patient()).value(), "");
}

TEST_F(ClientTest, PassesOnWhatTheDaemonSays) {
  service.error = Error{ErrorKind::missing, "unknown job \"x\"", "Jobs are forgotten after a while."};
  const auto got = client->job_status(patient(), "x");
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().answered);
  EXPECT_EQ(got.error().error.kind, ErrorKind::missing);
  EXPECT_EQ(got.error().error.help, "Error: unknown job \"x\"\n\nJobs are forgotten after a while.\n");
}

TEST_F(ClientTest, CarriesItsToken) {
  server = serve(api_handler(service, {.token = Secret("s3cret")}));
  client = client_of({.url = url_of(*server), .token = Secret("s3cret")});
  EXPECT_TRUE(client->ping(patient()));
  client = client_of({.url = url_of(*server), .token = Secret("wrong")});
  const auto got = client->ping(patient());
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().answered);
  EXPECT_THAT(got.error().error.help, StartsWith("The request failed authentication\n"));
}

/// A server that keeps what it is sent and answers by a script.
class Recorder {
 public:
  using Script = std::function<http::ServerResponse(const http::ServerRequest&)>;
  explicit Recorder(Script script)
      : script_(std::move(script)), server_(serve([this](const Context&, const http::ServerRequest& request) {
          const std::lock_guard lock(mutex_);
          requests_.push_back(request);
          return script_(request);
        })) {}

  [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const { return url_of(*server_, host); }
  std::vector<http::ServerRequest> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  std::mutex mutex_;
  std::vector<http::ServerRequest> requests_;  ///< guarded by mutex_
  Script script_;
  std::unique_ptr<http::Server> server_;
};

http::ServerResponse said(int status, const std::string& body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, body, {}};
}

http::ServerResponse sent_to(int status, const std::string& location) {
  return {status, {{"Location", location}}, "", {}};
}

TEST(ClientRequestTest, SendsTheHeadersOfTheContract) {
  Recorder recorder([](const auto& request) { return said(200, request.method == "POST" ? "\"id\"" : "null"); });
  auto client = client_of({.url = recorder.url() + "/?old=1", .token = Secret("t")});
  ASSERT_TRUE(client->update_manifests(patient(), {{}, SyncSpec{}}));
  ASSERT_TRUE(client->list_services(patient(), {}));
  ASSERT_TRUE(client->list_services(patient(), {"", {ResourceId("a", "job", "b")}}));
  ASSERT_TRUE(client->list_images(patient(), {{}, {"Name", "Current"}, ""}));
  const auto requests = recorder.requests();
  ASSERT_EQ(requests.size(), 4U);
  const auto& update = requests[0];
  EXPECT_EQ(update.method, "POST");
  EXPECT_EQ(update.target, "/api/flux/v9/update-manifests");
  EXPECT_EQ(update.body, R"({"type":"sync","cause":{"Message":"","User":""},"spec":{}})");
  EXPECT_THAT(update.headers.all("Accept"), ElementsAre("application/json"));
  EXPECT_THAT(update.headers.all("Authorization"), ElementsAre("Scope-Probe token=t"));
  EXPECT_FALSE(update.headers.get("Content-Type"));
  EXPECT_EQ(requests[1].target, "/api/flux/v6/services?namespace=");
  EXPECT_EQ(requests[2].target, "/api/flux/v11/services?namespace=&services=a%3Ajob%2Fb");
  EXPECT_EQ(requests[3].target, "/api/flux/v10/images?containerFields=Name%2CCurrent&namespace=&service=%3Call%3E");
}

TEST(ClientRequestTest, SendsNoAuthorizationWithoutToken) {
  Recorder recorder([](const auto&) { return said(204, ""); });
  ASSERT_TRUE(client_of({.url = recorder.url()})->ping(patient()));
  EXPECT_FALSE(recorder.requests().front().headers.get("Authorization"));
}

TEST(ClientRequestTest, FollowsRedirects) {
  for (const int status : {301, 302, 307, 308}) {
    Recorder recorder([&](const http::ServerRequest& request) {
      if (request.path == "/api/flux/v9/update-manifests") return sent_to(status, "../elsewhere?x=1");
      return said(200, "\"id\"");
    });
    auto client = client_of({.url = recorder.url(), .token = Secret("t")});
    EXPECT_EQ(client->update_manifests(patient(), {{}, SyncSpec{}}).value(), "id") << status;
    const auto last = recorder.requests().back();
    EXPECT_EQ(last.target, "/api/flux/elsewhere?x=1");
    EXPECT_EQ(last.method, "POST");
    EXPECT_THAT(last.body, HasSubstr("sync"));
    EXPECT_EQ(last.headers.get("Authorization"), "Scope-Probe token=t");
  }
}

TEST(ClientRequestTest, AsksAnewAfterSeeOther) {
  Recorder recorder([](const http::ServerRequest& request) {
    return request.method == "POST" ? sent_to(303, "/there") : said(200, "\"id\"");
  });
  ASSERT_TRUE(client_of({.url = recorder.url()})->update_manifests(patient(), {{}, SyncSpec{}}));
  EXPECT_EQ(recorder.requests().back().method, "GET");
  EXPECT_EQ(recorder.requests().back().body, "");
}

TEST(ClientRequestTest, TellsItsTokenToNoOtherHost) {
  Recorder other([](const auto&) { return said(200, "\"1.25.4\""); });
  Recorder first([&](const auto&) { return sent_to(302, other.url("localhost") + "/v11/version"); });
  auto client = client_of({.url = first.url(), .token = Secret("t")});
  ASSERT_TRUE(client->version(patient()));
  EXPECT_TRUE(first.requests().front().headers.get("Authorization"));
  EXPECT_FALSE(other.requests().front().headers.get("Authorization"));
}

TEST(ClientRequestTest, StopsGoingInCircles) {
  Recorder recorder([](const http::ServerRequest& request) { return sent_to(301, request.target); });
  const auto got = client_of({.url = recorder.url()})->ping(patient());
  ASSERT_FALSE(got);
  EXPECT_FALSE(got.error().answered);
  EXPECT_THAT(got.error().error.message, HasSubstr("stopped after 10 redirects"));
  EXPECT_EQ(recorder.requests().size(), 11U);
}

TEST(ClientRequestTest, RefusesARedirectToSomethingElse) {
  for (const auto* location : {"file:///etc/passwd", "ftp://127.0.0.1/", ""}) {
    Recorder recorder([&](const auto&) { return sent_to(302, location); });
    EXPECT_FALSE(client_of({.url = recorder.url()})->ping(patient())) << location;
  }
}

TEST(ClientRequestTest, SaysWhenNobodyAnswers) {
  std::string url;
  {
    const auto server = serve([](const auto&, const auto&) { return http::ServerResponse{}; });
    url = url_of(*server);
  }
  const auto got = client_of({.url = url})->list_services(patient(), {});
  ASSERT_FALSE(got);
  EXPECT_FALSE(got.error().answered);
  EXPECT_THAT(got.error().error.message, StartsWith("executing HTTP request: executing HTTP request: Get \"" + url +
                                                    "/v6/services?namespace=\": "));
  EXPECT_FALSE(got.error().error.help.empty());
}

TEST(ClientRequestTest, SaysWhatDoesNotDecode) {
  Recorder recorder([](const auto&) { return said(200, R"([{"ID":7}])"); });
  const auto got = client_of({.url = recorder.url()})->list_services(patient(), {});
  ASSERT_FALSE(got);
  EXPECT_FALSE(got.error().answered);
  EXPECT_EQ(got.error().error.message, "decoding response from server: element 0: ID must be a string, not number");
  EXPECT_EQ(client_of({.url = recorder.url()})->export_manifests(patient()).error().error.message,
            "decoding response from server: it must be a string, not array");
}

TEST(ClientRequestTest, GivesUpWhenItsTimeIsOver) {
  const auto server = serve([&](const Context& ctx, const auto&) {
    (void)ctx.sleep(seconds(60));
    return http::ServerResponse{};
  });
  auto client = client_of({.url = url_of(*server), .call_timeout = std::chrono::milliseconds(50)});
  const auto got = client->ping(patient());
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().error.kind, ErrorKind::cancelled);
  EXPECT_THAT(got.error().error.message, HasSubstr("context deadline exceeded"));
}

/// Restores what the environment says when it goes.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { old_ ? ::setenv(name_, old_->c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

TEST(ClientRequestTest, UsesProxiesExceptForThisMachine) {
  Recorder proxy([](const http::ServerRequest&) { return said(200, "\"from the proxy\""); });
  Recorder daemon([](const http::ServerRequest&) { return said(200, "\"from the daemon\""); });
  const auto proxy_url = proxy.url().substr(0, proxy.url().find("/api"));
  const Environment http_proxy("HTTP_PROXY", proxy_url);
  const Environment lower("http_proxy", proxy_url);
  const Environment none("NO_PROXY", "");
  const Environment lower_none("no_proxy", "");
  EXPECT_EQ(client_of({.url = "http://fluxd.invalid/api/flux"})->version(patient()).value(), "from the proxy");
  for (const auto* host : {"127.0.0.1", "localhost"})
    EXPECT_EQ(client_of({.url = daemon.url(host)})->version(patient()).value(), "from the daemon") << host;
}

TEST(ClientMakeTest, RefusesWhatIsNoUrl) {
  const auto made = Client::make({.url = "fluxd:3030"});
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, StartsWith("parsing URL: "));
}

}  // namespace client_test
}  // namespace flux::api
