#include "api/handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/told_service.h"
#include "base/json.h"
#include "http/target.h"

namespace flux::api {
namespace handlers_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class HandlersTest : public ::testing::Test {
 protected:
  http::ServerResponse send(const std::string& method, const std::string& target, const std::string& body = {},
                            const std::vector<std::string>& accept = {}) {
    http::ServerRequest request;
    request.method = method;
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    request.body = body;
    for (const auto& value : accept) request.headers.add("Accept", value);
    if (const auto parsed = http::parse_target(target)) request.query = parsed->query;
    if (!authorization.empty()) request.headers.add("Authorization", authorization);
    return api_handler(service, options)({}, request);
  }

  api::testing::ToldService service;
  HandlerOptions options;
  std::string authorization;
};

std::string type_of(const http::ServerResponse& response) { return response.headers.get("Content-Type").value_or(""); }

constexpr const char* kJsonType = "application/json; charset=utf-8";
constexpr const char* kTextType = "text/plain; charset=utf-8";

struct Fault {
  ErrorKind kind;
  int status;
  const char* type;
};

TEST_F(HandlersTest, MapsErrorsToStatusAndClass) {
  const std::vector<Fault> rows{{ErrorKind::missing, 404, "missing"},
                                {ErrorKind::user, 422, "user"},
                                {ErrorKind::server, 422, "user"},
                                {ErrorKind::cancelled, 422, "user"}};
  for (const auto& row : rows)
    for (const auto* help : {"", "Do this."}) {
      service.error = Error{row.kind, "no luck with <x>", help};
      for (const auto* target : {"/api/flux/v11/ping", "/api/flux/v6/sync?ref=x", "/api/flux/v6/identity.pub"}) {
        const auto got = send("GET", target, "", {"application/json"});
        EXPECT_EQ(got.status, row.status);
        EXPECT_EQ(type_of(got), kJsonType);
        EXPECT_THAT(got.body, StartsWith(std::string(R"({"type":")") + row.type +
                                         R"(","help":"Error: no luck with \u003cx\u003e)"));
        EXPECT_THAT(got.body, ::testing::EndsWith(R"(","error":"no luck with \u003cx\u003e"})"));
        EXPECT_THAT(got.body, HasSubstr(help));
      }
    }
}

TEST_F(HandlersTest, AlwaysGivesAMessage) {
  service.error = Error{};
  const auto body = parse_sorted_json(send("GET", "/api/flux/v11/ping", "", {"application/json"}).body).value();
  EXPECT_NE(body.at("error"), "");
  EXPECT_NE(body.at("help"), "");
}

TEST_F(HandlersTest, NegotiatesTheBodyOfErrors) {
  service.error = Error{ErrorKind::user, "short", "Long advice."};
  const auto none = send("GET", "/api/flux/v11/ping");
  EXPECT_EQ(none.body, "short");
  EXPECT_EQ(type_of(none), kTextType);
  EXPECT_EQ(send("GET", "/api/flux/v11/ping", "", {"*/*"}).body, "short");
  const auto plain = send("GET", "/api/flux/v11/ping", "", {"text/plain"});
  EXPECT_EQ(plain.body, "Error: short\n\nLong advice.\n");
  EXPECT_EQ(type_of(plain), kTextType);
  EXPECT_EQ(type_of(send("GET", "/api/flux/v11/ping", "", {"application/json; charset=utf-8"})), kJsonType);
}

TEST_F(HandlersTest, AnswersBadBodiesWith400AndDoesNothing) {
  const std::vector<std::pair<const char*, const char*>> rows{
      {"/v11/notify", ""},          {"/v11/notify", "{"},           {"/v11/notify", R"({"Kind":"x","Source":{}})"},
      {"/v11/notify", "[]"},        {"/v9/git-repo-config", ""},    {"/v9/git-repo-config", "\"true\""},
      {"/v9/git-repo-config", "1"}, {"/v9/git-repo-config", "nope"}};
  for (const auto& [path, body] : rows) {
    const auto got = send("POST", std::string("/api/flux") + path, body, {"application/json"});
    EXPECT_EQ(got.status, 400) << path << body;
    const auto json = parse_sorted_json(got.body).value();
    EXPECT_EQ(json.at("type"), "user");
    EXPECT_NE(json.at("help"), "");
    EXPECT_NE(json.at("error"), "");
    // Unclassified: the short message also where the help is asked for.
    EXPECT_EQ(send("POST", std::string("/api/flux") + path, body, {"text/plain"}).body, json.at("error"));
  }
  EXPECT_THAT(service.asked(), IsEmpty());
}

TEST_F(HandlersTest, AnswersUnroutedRequests) {
  const std::vector<std::tuple<const char*, const char*, int, const char*>> rows{
      {"GET", "/v5/services", 410, "API endpoint deprecated"},  {"GET", "/v6/nothing", 404, "API endpoint not found"},
      {"PUT", "/v6/sync?ref=x", 404, "API endpoint not found"}, {"GET", "/v6/sync", 404, "API endpoint not found"},
      {"GET", "/v6/services/", 404, "API endpoint not found"},  {"GET", "/", 404, "API endpoint not found"}};
  for (const auto& [method, target, status, message] : rows) {
    const auto got = send(method, std::string("/api/flux") + target, "", {"application/json"});
    EXPECT_EQ(got.status, status) << target;
    const auto json = parse_sorted_json(got.body).value();
    EXPECT_EQ(json.at("type"), "missing");
    EXPECT_EQ(json.at("error"), message);
    const std::string help = json.at("help");
    EXPECT_THAT(help, HasSubstr(std::string(target).substr(0, std::string(target).find('?'))));
    EXPECT_THAT(help, ::testing::Not(HasSubstr("/api/flux")));
    EXPECT_EQ(send(method, std::string("/api/flux") + target).body, message);
  }
  EXPECT_THAT(service.asked(), IsEmpty());
}

TEST_F(HandlersTest, Redirects) {
  const std::vector<std::pair<const char*, const char*>> rows{
      {"/api/flux", "/api/flux/"},
      {"/api/flux?a=b", "/api/flux/?a=b"},
      {"//api/flux/v6/sync?ref=x", "/api/flux/v6/sync?ref=x"},
      {"/api/flux/../flux/v11/ping", "/api/flux/v11/ping"},
      {"/api/flux/./v11/ping", "/api/flux/v11/ping"},
      {"//evil.example/x y", "/evil.example/x%20y"},
      {"//a\r\nSet-Cookie: b", "/a%0D%0ASet-Cookie:%20b"},
  };
  for (const auto& [from, to] : rows) {
    const auto got = send("GET", from);
    EXPECT_EQ(got.status, 301) << from;
    EXPECT_EQ(got.headers.get("Location"), to);
  }
}

TEST_F(HandlersTest, AnswersOtherPathsWithPlain404) {
  for (const auto* path : {"/", "/api", "/api/fluxx", "/metrics/", "/debug/pprof/", "/healthz/"}) {
    const auto got = send("GET", path, "", {"application/json"});
    EXPECT_EQ(got.status, 404) << path;
    EXPECT_EQ(got.body, "404 page not found\n");
    EXPECT_EQ(type_of(got), kTextType);
  }
}

TEST_F(HandlersTest, ServesMetricsInOnePlaceOnly) {
  const auto page = send("GET", "/metrics");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "flux_git_ready 1\n");
  EXPECT_EQ(type_of(page), "text/plain; version=0.0.4; charset=utf-8");
  options.metrics = false;
  EXPECT_EQ(send("GET", "/metrics").status, 404);

  http::ServerRequest request;
  request.path = "/metrics";
  EXPECT_EQ(metrics_handler(service)({}, request).body, "flux_git_ready 1\n");
  request.path = "/api/flux/v11/ping";
  EXPECT_EQ(metrics_handler(service)({}, request).status, 404);
}

TEST_F(HandlersTest, TellsItsHealth) {
  for (const auto* path : {"/livez", "/healthz", "/readyz"}) {
    service.state = {};
    EXPECT_EQ(send("GET", path).status, 200);
    EXPECT_EQ(send("GET", path).body, "ok\n");
    service.state = fail(ErrorKind::server, "the loop is stuck");
    EXPECT_EQ(send("GET", path).status, 503);
    EXPECT_EQ(send("GET", path).body, "the loop is stuck\n");
  }
}

TEST_F(HandlersTest, TellsTheObserverWithBoundedLabels) {
  std::vector<std::string> seen;
  options.observe = [&](const Answered& a) {
    EXPECT_GE(a.took, Duration::zero());
    seen.push_back(std::string(a.method) + " " + std::string(a.route) + " " + std::to_string(a.status));
  };
  (void)send("GET", "/api/flux/v11/ping");
  (void)send("BREW", "/api/flux/v11/ping");
  (void)send("GET", "/api/flux/v6/random");
  (void)send("GET", "/api/flux/v10/images");
  (void)send("GET", "/metrics");
  EXPECT_THAT(seen, ElementsAre("GET Ping 204", "other other 404", "GET other 404", "GET ListImagesWithOptions 200"));
}

TEST_F(HandlersTest, AsksForItsToken) {
  options.token = Secret("s3cret");
  std::vector<std::string> seen;
  options.observe = [&](const Answered& a) { seen.push_back(std::string(a.route) + " " + std::to_string(a.status)); };
  for (const auto* target : {"/api/flux/v11/version", "/api/flux/v5/x", "/api/flux/v6/nothing", "/api/flux/"})
    for (const auto* sent : {"", "Bearer wrong", "Bearer", "Basic s3cret", "Scope-Probe s3cret"}) {
      authorization = sent;
      const auto got = send("GET", target, "", {"application/json"});
      EXPECT_EQ(got.status, 401) << target << " " << sent;
      EXPECT_EQ(got.headers.get("WWW-Authenticate"), "Bearer");
      EXPECT_EQ(type_of(got), kJsonType);
      const auto json = parse_sorted_json(got.body).value();
      EXPECT_EQ(json.at("type"), "user");
      EXPECT_EQ(json.at("error"), "the request needs the token of this daemon");
      EXPECT_THAT(std::string(json.at("help")), HasSubstr("--token"));
      EXPECT_THAT(got.body, ::testing::Not(HasSubstr("s3cret")));
    }
  EXPECT_EQ(send("GET", "/api/flux/v11/version").body, "the request needs the token of this daemon");
  EXPECT_EQ(seen.front(), "Version 401");
  authorization.clear();
  EXPECT_EQ(send("POST", "/api/flux/v6/identity.pub").status, 401);
  EXPECT_THAT(service.asked(), IsEmpty());

  for (const auto* sent : {"Bearer s3cret", "bearer s3cret", "Scope-Probe token=s3cret"}) {
    authorization = sent;
    EXPECT_EQ(send("GET", "/api/flux/v11/version").status, 200) << sent;
    EXPECT_EQ(send("POST", "/api/flux/v6/identity.pub").status, 204);
  }
}

TEST_F(HandlersTest, LetsProbesInWithoutToken) {
  options.token = Secret("s3cret");
  for (const auto* target : {"/api/flux/v6/identity.pub", "/healthz", "/readyz", "/metrics"})
    EXPECT_EQ(send("GET", target).status, 200) << target;
}

}  // namespace handlers_test
}  // namespace flux::api
