#include "api/endpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/told_service.h"
#include "base/json.h"
#include "base/test_bounded.h"
#include "http/target.h"

namespace flux::api {
namespace endpoints_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class EndpointsTest : public ::testing::Test {
 protected:
  http::ServerResponse send(const std::string& method, const std::string& target, const std::string& body = {},
                            const std::string& content_type = {}) {
    http::ServerRequest request;
    request.method = method;
    request.target = target;
    auto parsed = http::parse_target(target);
    EXPECT_TRUE(parsed) << target;
    request.path = parsed->path;
    request.query = parsed->query;
    request.body = body;
    if (!content_type.empty()) request.headers.add("Content-Type", content_type);
    const auto routed = route(request.path, request);
    EXPECT_EQ(routed.match, Match::served) << method << " " << target;
    return answer({bounded(), service, request, ErrorBody::json}, routed.endpoint);
  }

  testing::ToldService service;
};

std::string text(const http::ServerResponse& response, const char* key) {
  const auto json = parse_sorted_json(response.body).value_or(nullptr);
  return json.is_object() && json.contains(key) ? json.at(key).get<std::string>() : "";
}

struct Row {
  const char* method;
  const char* target;
  const char* body;
  int status;
  const char* answer;
  const char* asked;
};

TEST_F(EndpointsTest, AnswerEachRoute) {
  service.commits = {"c2", "c1"};
  service.yaml = "a: <b>\n";
  const Row rows[] = {
      {"GET", "/v11/ping", "", 204, "", "ping"},
      {"GET", "/v11/version", "", 200, R"("1.25.4")", nullptr},
      {"POST", "/v11/notify", R"({"kind":"git","Source":{"URL":"u","Branch":"b"}} x)", 202, "",
       R"(notify {"Kind":"git","Source":{"URL":"u","Branch":"b"}})"},
      {"GET", "/v6/services", "", 200, "null", "list_services []"},
      {"GET", "/v11/services?namespace=&services=", "", 200, "null", "list_services []"},
      {"GET", "/v6/services?namespace=shop", "", 200, "null", "list_services [shop]"},
      {"GET", "/v11/services?services=shop:Deployment/a,b:job/c,old/svc&services=x", "", 200, "null",
       "list_services [] shop:deployment/a b:job/c old/svc"},
      {"GET", "/v6/images", "", 200, "null", "list_images [] "},
      {"GET", "/v10/images?containerFields=&namespace=shop&service=%3Call%3E", "", 200, "null", "list_images [shop] "},
      {"GET", "/v10/images?service=shop:Deployment/cart", "", 200, "null", "list_images [] shop:deployment/cart"},
      {"GET", "/v10/images?all=true&namespace=shop", "", 200, "null", "list_images [shop]  all"},
      {"GET", "/v10/images?all=false", "", 200, "null", "list_images [] "},
      {"GET", "/v6/images?containerFields=Nonsense", "", 200, "null", "list_images [] "},
      {"POST", "/v9/update-manifests", R"({"type":"sync","spec":{}})", 200, R"("0b6a")",
       R"(update_manifests {"type":"sync","cause":{"Message":"","User":""},"spec":{}})"},
      {"GET", "/v6/jobs?id=0b6a", "", 200, R"({"Result":{},"Err":"","StatusString":"queued"})", "job_status 0b6a"},
      {"GET", "/v6/jobs?id=", "", 200, nullptr, "job_status "},
      {"GET", "/v6/sync?ref=HEAD", "", 200, R"(["c2","c1"])", "sync_status HEAD"},
      {"GET", "/v6/sync?ref=", "", 200, R"(["c2","c1"])", "sync_status "},
      {"GET", "/v6/export", "", 200, R"("YTogPGI+Cg==")", "export_manifests"},
      {"HEAD", "/v6/export", "", 200, R"("YTogPGI+Cg==")", "export_manifests"},
      {"POST", "/v9/git-repo-config", "false", 200,
       R"({"remote":{"url":"ssh://h/r","branch":"main","path":""},"publicSSHKey":{"key":"","fingerprints":null},)"
       R"("status":"new","errors":"git repo has not been cloned yet"})",
       "git_repo_config"},
      {"POST", "/v9/git-repo-config", "null", 200, nullptr, "git_repo_config"},
      {"POST", "/v9/git-repo-config", "true", 200, nullptr, "git_repo_config new"},
      {"POST", "/v6/update-images?service=<all>&image=<all+latest>&kind=plan", "", 200, R"("0b6a")",
       R"(update_manifests {"type":"image","cause":{"Message":"","User":""},"spec":{"ServiceSpecs":["\u003call\u003e"],)"
       R"("ImageSpec":"\u003call latest\u003e","Kind":"plan","Excludes":null,"Force":false}})"},
      {"POST",
       "/v6/update-images?service=a:Deployment/b&service=c/d&image=cart:2&kind=execute&exclude=e:job/f&exclude=g/h&"
       "user=Ann&message=m",
       "service=ignored", 200, R"("0b6a")",
       R"(update_manifests {"type":"image","cause":{"Message":"m","User":"Ann"},"spec":{"ServiceSpecs":)"
       R"(["a:deployment/b","c/d"],"ImageSpec":"cart:2","Kind":"execute","Excludes":["e:job/f","g/h"],"Force":false}})"},
      {"PATCH", "/v6/policies?user=Ann&message=m", R"({"a:deployment/b":{"add":["locked"]}})", 200, R"("0b6a")",
       R"(update_manifests {"type":"policy","cause":{"Message":"m","User":"Ann"},"spec":{"a:deployment/b":)"
       R"({"add":{"locked":"true"},"remove":{}}}})"},
      {"GET", "/v6/identity.pub", "", 200, R"({"key":"","fingerprints":null})", "public_ssh_key"},
      {"POST", "/v6/identity.pub", "", 204, "", "public_ssh_key new"},
      {"GET", "/v12/status", "", 200, nullptr, "status"},
      {"GET", "/v12/diff", "", 200, R"({"ref":"","revision":"","live":"","changes":[],"notes":[],"refusals":[]})",
       "diff "},
      {"GET", "/v12/diff?ref=origin/dev", "", 200, nullptr, "diff origin/dev"},
      {"GET", "/v12/explain?service=shop:deployment/web", "", 200, R"({"id":"","notes":[],"containers":[]})",
       "explain shop:deployment/web"},
      {"GET", "/v12/explain?service=shop:deployment/web&all=true", "", 200, nullptr, "explain shop:deployment/web all"},
  };
  for (const auto& row : rows) {
    const auto got = send(row.method, row.target, row.body);
    EXPECT_EQ(got.status, row.status) << row.target << " " << got.body;
    if (row.answer != nullptr) {
      EXPECT_EQ(got.body, row.answer) << row.target;
    }
    EXPECT_EQ(got.headers.get("Content-Type").value_or(""), row.status == 200 ? "application/json; charset=utf-8" : "")
        << row.target;
    if (row.asked != nullptr) {
      EXPECT_THAT(service.asked(), ElementsAre(row.asked)) << row.target;
    }
  }
}

TEST_F(EndpointsTest, ListsWithTheShapesOfTheContract) {
  service.services = {{ResourceId("shop", "cronjob", "a")}};
  EXPECT_THAT(send("GET", "/v6/services").body, ::testing::StartsWith(R"([{"ID":"shop:cronjob/a","Containers":[],)"));
  service.images = {{ResourceId("shop", "cronjob", "a"), {}}};
  EXPECT_EQ(send("GET", "/v6/images").body, R"([{"ID":"shop:cronjob/a","Containers":null}])");
  EXPECT_EQ(send("GET", "/v6/sync?ref=x").body, "[]");
  EXPECT_EQ(send("GET", "/v6/export").body, "null");
}

TEST_F(EndpointsTest, LeaveOutImageFieldsThatWereNotAskedFor) {
  Container container{"cart"};
  container.available_count = 3;
  container.filtered_count = 2;
  service.images = {{ResourceId("shop", "deployment", "a"), {container}}};
  EXPECT_EQ(send("GET", "/v10/images?containerFields=Name,FilteredImagesCount").body,
            R"([{"ID":"shop:deployment/a","Containers":[{"Name":"cart","Current":{"ID":"","Labels":{}},)"
            R"("LatestFiltered":{"ID":"","Labels":{}},"FilteredImagesCount":2}]}])");
  const auto refused = send("GET", "/v10/images?containerFields=Name,names");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(text(refused, "error"), "names is an invalid field");
}

TEST_F(EndpointsTest, MergeAFormBeforeTheQuery) {
  ASSERT_EQ(send("POST", "/v6/update-images?service=c/d&image=cart:2&kind=plan&user=Bob",
                 "service=a%3adeployment/b&user=Ann&message=x+y&image=other:1&exclude=e/f",
                 "application/x-www-form-urlencoded; charset=utf-8")
                .status,
            200);
  EXPECT_THAT(service.asked(),
              ElementsAre(R"(update_manifests {"type":"image","cause":{"Message":"x y","User":"Ann"},"spec":)"
                          R"({"ServiceSpecs":["a:deployment/b","c/d"],"ImageSpec":"cart:2","Kind":"plan",)"
                          R"("Excludes":["e/f"],"Force":false}})"));
}

struct Refused {
  const char* method;
  const char* target;
  std::string body;
  int status;
  const char* error;
};

TEST_F(EndpointsTest, RefuseWhatTheyCannotUseAndAskNothing) {
  const std::string deep(10'000, '[');
  const Refused rows[] = {
      {"GET", "/v11/services?services=shop:deployment/a,nope", "", 400,
       "parameter services: parsing nope: invalid service ID"},
      {"GET", "/v6/services?namespace=a&services=b:deployment/c", "", 422,
       "cannot filter by 'namespace' and 'workloads' at the same time"},
      {"GET", "/v12/explain?service=nope", "", 400, "parameter service: parsing nope: invalid service ID"},
      {"GET", "/v6/images?service=nope", "", 400, "parameter service: parsing nope: invalid service ID"},
      {"GET", "/v6/images?service=a:deployment/b&namespace=c", "", 422,
       "cannot filter by 'namespace' and 'workload' at the same time"},
      {"POST", "/v9/update-manifests", "", 400, "there is no JSON, the body is empty"},
      {"POST", "/v9/update-manifests", "{", 400, "not valid JSON (at byte 2)"},
      {"POST", "/v9/update-manifests", deep, 400, "JSON nested deeper than 100 levels"},
      {"POST", "/v9/update-manifests", "[]", 400, "the request body must be an object, not array"},
      {"POST", "/v9/update-manifests", R"({"type":"","spec":{}})", 400, "unknown spec type: "},
      {"POST", "/v9/update-manifests", R"({"type":"image"})", 400, "the update of type image has no spec"},
      {"POST", "/v9/update-manifests", R"({"type":"image","spec":{"Force":1e400}})", 400,
       "not valid JSON (at byte 37)"},
      {"POST", "/v9/update-manifests", R"({"type":"image","spec":{"Kind":12345678901234567890}})", 400,
       "spec: Kind must be a string, not number"},
      {"POST", "/v9/update-manifests", R"({"type":"policy","spec":{"":{}}})", 400,
       "spec: parsing : invalid service ID"},
      {"POST", "/v9/update-manifests", "{\"type\":\"\xFF\",\"spec\":{}}", 400, "unknown spec type: \xEF\xBF\xBD"},
      {"POST", "/v9/update-manifests", R"({"type":"auto","spec":{"Changes":null}})", 422,
       "unknown update type \"auto\""},
      {"POST", "/v6/update-images?service=nope&image=a:1&kind=plan", "", 400,
       "parameter service: parsing nope: invalid service ID"},
      {"POST", "/v6/update-images?service=&image=a:1&kind=plan", "", 400,
       "parameter service: parsing : invalid service ID"},
      {"POST", "/v6/update-images?service=<all>&image=cart&kind=plan", "", 400,
       "parameter image: blank tag (if you want latest, explicitly state the tag :latest): invalid image ID"},
      {"POST", "/v6/update-images?service=<all>&image=&kind=plan", "", 400,
       "parameter image: parsing \"\": blank image name: invalid image ID"},
      {"POST", "/v6/update-images?service=<all>&image=a:1&kind=Plan", "", 400,
       "parameter kind: \"Plan\" is not a kind of release"},
      {"POST", "/v6/update-images?service=<all>&image=a:1&kind=plan&exclude=<all>", "", 400,
       "parameter exclude: parsing <all>: invalid service ID"},
      {"PATCH", "/v6/policies", R"([])", 400, "the request body must be an object, not array"},
      {"PATCH", "/v6/policies", R"({"":{}})", 400, "parsing : invalid service ID"},
      {"PATCH", "/v6/policies", "", 400, "there is no JSON, the body is empty"},
      {"POST", "/v11/notify", R"({"Kind":"x","Source":{}})", 400, "unknown kind of change"},
      {"POST", "/v11/notify", "[]", 400, "the request body must be an object, not array"},
      {"POST", "/v9/git-repo-config", "\"true\"", 400, "the request body must be true or false"},
      {"POST", "/v9/git-repo-config", "1", 400, "the request body must be true or false"},
      {"POST", "/v9/git-repo-config", "nope", 400, "not valid JSON (at byte 2)"},
      {"POST", "/v9/git-repo-config", "", 400, "there is no JSON, the body is empty"},
  };
  for (const auto& row : rows) {
    const auto got = send(row.method, row.target, row.body);
    EXPECT_EQ(got.status, row.status) << row.target << " " << row.body.substr(0, 80);
    EXPECT_EQ(text(got, "error"), row.error) << row.target << " " << row.body.substr(0, 80);
    EXPECT_EQ(text(got, "type"), "user");
    EXPECT_NE(text(got, "help"), "");
  }
  EXPECT_THAT(service.asked(), IsEmpty());
}

TEST_F(EndpointsTest, StopAfterAnError) {
  const Row rows[] = {
      {"GET", "/v11/ping", "", 0, "", ""},
      {"POST", "/v11/notify", R"({"Kind":"git","Source":{}})", 0, "", ""},
      {"GET", "/v6/services", "", 0, "", ""},
      {"GET", "/v6/images", "", 0, "", ""},
      {"POST", "/v9/update-manifests", R"({"type":"sync","spec":{}})", 0, "", ""},
      {"GET", "/v6/jobs?id=1", "", 0, "", ""},
      {"GET", "/v6/sync?ref=1", "", 0, "", ""},
      {"GET", "/v6/export", "", 0, "", ""},
      {"POST", "/v9/git-repo-config", "true", 0, "", ""},
      {"POST", "/v6/update-images?service=<all>&image=a:1&kind=plan", "", 0, "", ""},
      {"PATCH", "/v6/policies", "{}", 0, "", ""},
      {"GET", "/v6/identity.pub", "", 0, "", ""},
      {"POST", "/v6/identity.pub", "", 0, "", ""},
      {"GET", "/v12/status", "", 0, "", ""},
      {"GET", "/v12/diff", "", 0, "", ""},
  };
  const std::pair<ErrorKind, int> kinds[] = {
      {ErrorKind::missing, 404}, {ErrorKind::user, 422}, {ErrorKind::server, 422}, {ErrorKind::cancelled, 422}};
  for (const auto& [kind, status] : kinds) {
    service.error = Error{kind, "no luck", "Try again."};
    const auto* type = kind == ErrorKind::missing ? "missing" : "user";
    for (const auto& row : rows) {
      const auto got = send(row.method, row.target, row.body);
      EXPECT_EQ(got.status, status) << row.target;
      EXPECT_EQ(got.body,
                std::string(R"({"type":")") + type + R"(","help":"Error: no luck\n\nTry again.\n","error":"no luck"})")
          << row.target;
    }
  }
}

}  // namespace endpoints_test
}  // namespace flux::api
