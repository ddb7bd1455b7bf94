#include "images/hooks/answer.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "base/base64.h"

namespace flux::images {
namespace answer_test {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Secret kSecret("tok");

http::ServerRequest request(const std::string& body) {
  http::ServerRequest made;
  made.method = "POST";
  made.headers.add("Authorization", "tok");
  made.body = body;
  return made;
}

std::string shown(const HookAnswer& answer) {
  std::string out;
  for (const auto& image : answer.images) out += (out.empty() ? "" : " ") + image.to_string();
  return out;
}

struct Row {
  std::string source;
  std::string body;
  std::string images{};  ///< each with its tag; empty: of no interest
};

/// As Pub/Sub delivers it.
std::string message(const std::string& event) {
  return R"({"message":{"data":")" + encode_base64(event) +
         R"(","messageId":"1","publishTime":"2020-01-01T00:00:00Z"},"subscription":"projects/p/subscriptions/s"})";
}

std::string package(const std::string& name, const std::string& action, const std::string& type, const std::string& url,
                    const std::string& tag = "") {
  return R"({"action":")" + action + R"(",")" + name + R"(":{"name":"Cart","namespace":"Shop","package_type":")" +
         type + R"(","package_version":{"version":"sha256:ab","package_url":")" + url +
         R"(","container_metadata":{"tag":{"name":")" + tag + R"(","digest":"sha256:ab"}}}},"sender":{"login":"me"}})";
}

std::string event(const std::string& action, const std::string& target, const std::string& host) {
  return R"({"id":"1","action":")" + action + R"(","target":{)" + target + R"(},"request":{"id":"2","host":")" + host +
         R"(","method":"PUT"}})";
}
std::string envelope(const std::string& events) { return R"({"events":[)" + events + "]}"; }

const std::string kManifest = R"("mediaType":"application/vnd.docker.distribution.manifest.v2+json")";
const std::string kLayer = R"("mediaType":"application/octet-stream","repository":"shop/cart","digest":"sha256:1")";

TEST(HookAnswerTest, TellsWhatWasPushed) {
  const std::vector<Row> rows{
      {"dockerhub",
       R"({"callback_url":"https://registry.hub.docker.com/u/me/cart/hook/1/","push_data":{"pushed_at":1417566161,
           "pusher":"me","tag":"1.2"},"repository":{"name":"cart","namespace":"me","repo_name":"me/cart"}})",
       "index.docker.io/me/cart:1.2"},
      {"dockerhub", R"({"repository":{"repo_name":"nginx"}})", "index.docker.io/library/nginx"},
      {"dockerhub", R"({"push_data":{"tag":null},"repository":{"repo_name":"my.org/cart"}})",
       "index.docker.io/my.org/cart"},

      {"quay",
       R"({"name":"cart","repository":"shop/cart","namespace":"shop","docker_url":"quay.io/shop/cart",
           "homepage":"https://quay.io/repository/shop/cart","updated_tags":["1.2","latest"]})",
       "quay.io/shop/cart:1.2 quay.io/shop/cart:latest"},
      {"quay", R"({"docker_url":"quay.io/shop/cart","updated_tags":{"latest":"b750fe79"}})",
       "quay.io/shop/cart:latest"},
      {"quay", R"({"docker_url":"quay.io/shop/cart","updated_tags":[]})", "quay.io/shop/cart"},
      {"quay", R"({"docker_url":"quay.io/shop/cart","build_id":"1","docker_tags":["master"]})"},

      {"github", package("package", "published", "CONTAINER", "ghcr.io/shop/cart:1.2", "1.2"), "ghcr.io/shop/cart:1.2"},
      {"github", package("registry_package", "updated", "container", "ghcr.io/Shop/Cart:", "v1"),
       "ghcr.io/shop/cart:v1"},
      {"github", package("registry_package", "published", "CONTAINER", ""), "ghcr.io/shop/cart"},
      {"github", package("package", "published", "docker", "docker.pkg.github.com/shop/repo/cart:1"),
       "docker.pkg.github.com/shop/repo/cart:1"},
      {"github", package("package", "published", "CONTAINER", "ghcr.io/shop/cart@sha256:ab"), "ghcr.io/shop/cart"},
      {"github", package("package", "published", "npm", "https://npm.pkg.github.com/shop/cart/1.2")},
      {"github", package("package", "deleted", "CONTAINER", "ghcr.io/shop/cart:1.2")},
      {"github", R"({"zen":"Keep it logically awesome.","hook_id":1,"hook":{"type":"Repository"}})"},
      {"github", R"({"ref":"refs/heads/main","sender":{"login":"me"}})"},

      {"harbor",
       R"({"type":"PUSH_ARTIFACT","event_data":{"resources":[
           {"digest":"sha256:1","tag":"1.2","resource_url":"h.example/p/cart:1.2"},
           {"digest":"sha256:1","tag":"latest","resource_url":"h.example/p/cart:latest"},
           {"digest":"sha256:1","tag":"1.2","resource_url":"h.example/p/cart:1.2"}]}})",
       "h.example/p/cart:1.2 h.example/p/cart:latest"},
      {"harbor",
       R"({"type":"PUSH_ARTIFACT","event_data":{"resources":[
           {"tag":"sha256:1f","resource_url":"h.example:8443/p/q/cart@sha256:1f"}]}})",
       "h.example:8443/p/q/cart"},
      {"harbor",
       R"({"specversion":"1.0","type":"harbor.artifact.pushed","data":{"resources":[
           {"tag":"1.2","resource_url":"h.example/p/cart:1.2"}]}})",
       "h.example/p/cart:1.2"},
      {"harbor", R"({"type":"PULL_ARTIFACT","event_data":{"resources":[{"resource_url":"h.example/p/cart:1.2"}]}})"},
      {"harbor", R"({"type":"deleteImage"})"},
      {"harbor", R"({"specversion":"1.0","type":"harbor.artifact.pulled","data":{}})"},

      {"google", message(R"({"action":"INSERT","digest":"gcr.io/p/cart@sha256:6e","tag":"gcr.io/p/cart:1.2"})"),
       "gcr.io/p/cart:1.2"},
      {"google", message(R"({"action":"INSERT","digest":"europe-docker.pkg.dev/p/r/cart@sha256:6e"})"),
       "europe-docker.pkg.dev/p/r/cart"},
      {"google", R"({"action":"INSERT","tag":"gcr.io/p/cart:1.2"})", "gcr.io/p/cart:1.2"},
      {"google", message(R"({"action":"DELETE","tag":"gcr.io/p/cart:1.2"})")},

      {"azure", event("push", kManifest + R"(,"repository":"cart","tag":"1.2")", "shop.azurecr.io"),
       "shop.azurecr.io/cart:1.2"},
      {"azure", event("delete", R"("repository":"cart")", "shop.azurecr.io")},
      {"azure", event("chart_push", R"("repository":"cart","tag":"1.2")", "shop.azurecr.io")},
      {"azure", R"({"id":"1","timestamp":"2020-01-01T00:00:00Z","action":"ping"})"},

      {"distribution",
       envelope(event("push", kLayer, "r.example:5000") + "," +
                event("push", kManifest + R"(,"repository":"shop/cart","tag":"1.2")", "r.example:5000") + "," +
                event("pull", kManifest + R"(,"repository":"shop/other","tag":"1")", "r.example:5000") + "," +
                event("push", kManifest + R"(,"repository":"a","tag":"2")", "r.example:5000")),
       "r.example:5000/a:2 r.example:5000/shop/cart:1.2"},
      {"distribution",
       envelope(event("push",
                      R"("repository":"cart","digest":"sha256:1","url":"https://r.example/v2/cart/manifests/1")", "")),
       "r.example/cart"},
      {"distribution", envelope("")},
      {"gitlab",
       envelope(event("push", kManifest + R"(,"repository":"group/shop/cart","tag":"1.2")", "registry.gitlab.example")),
       "registry.gitlab.example/group/shop/cart:1.2"},
  };
  for (const auto& row : rows) {
    const auto answer = answer_hook(hook_source(row.source).value(), request(row.body), kSecret);
    EXPECT_EQ(answer.status, 200) << row.source << " " << row.body << ": " << answer.message;
    EXPECT_EQ(shown(answer), row.images) << row.source << " " << row.body;
  }
}

struct BadRow {
  std::string source;
  std::string body;
  std::string says;
};

TEST(HookAnswerTest, SaysWhatIsWrongWithABody) {
  const std::vector<BadRow> rows{
      {"dockerhub", "{}", "there is no repository.repo_name"},
      {"dockerhub", R"({"repository":"me/cart"})", "there is no repository.repo_name"},
      {"dockerhub", R"({"repository":{"repo_name":5}})", "repository.repo_name must be a string"},
      {"dockerhub", R"({"repository":{"repo_name":"me/cart"},"push_data":{"tag":["1"]}})", "push_data.tag must be"},
      {"dockerhub", R"({"repository":{"repo_name":"me/cart"},"push_data":{"tag":"../../x"}})",
       "push_data.tag is no tag"},
      {"quay", R"({"updated_tags":["1"]})", "there is no docker_url"},
      {"quay", R"({"docker_url":"quay.io/a/b","updated_tags":"1"})", "updated_tags must be a list"},
      {"quay", R"({"docker_url":"quay.io/a/b","updated_tags":[1]})", "an element of updated_tags must be a string"},
      {"quay", R"({"docker_url":"quay.io/a/b","updated_tags":["a b"]})", "an element of updated_tags is no tag"},
      {"quay", R"({"docker_url":"https://","updated_tags":[]})", "docker_url: "},
      {"github", "{}", "neither a package nor a registry_package"},
      {"github", R"({"package":{}})", "there is no action"},
      {"github", R"({"action":"published","package":{"package_type":"CONTAINER"}})", "there is no name"},
      {"harbor", "{}", "there is no type"},
      {"harbor", R"({"type":"pushImage"})", "there is no event_data.resources"},
      {"harbor", R"({"type":"pushImage","event_data":{"resources":{}}})", "event_data.resources must be a list"},
      {"harbor", R"({"type":"pushImage","event_data":{"resources":["x"]}})", "there is no resource_url"},
      {"google", "{}", "there is no message.data"},
      {"google", R"({"message":{"data":"%"}})", "message.data is not base64"},
      {"google", message("no JSON"), "message.data: "},
      {"google", message("[]"), "message.data must be an object"},
      {"google", message("{}"), "message.data: there is no action"},
      {"google", message(R"({"action":"INSERT"})"), "there is no digest"},
      {"azure", "{}", "there is no action"},
      {"azure", event("push", R"("tag":"1")", "shop.azurecr.io"), "there is no target.repository"},
      {"azure", event("push", R"("repository":"cart","tag":"1")", ""), "there is no request.host"},
      {"distribution", "{}", "there is no events"},
      {"distribution", R"({"events":{}})", "events must be a list"},
      {"distribution", R"({"events":[null]})", "an event: there is no action"},
      {"gitlab", R"({"object_kind":"push"})", "there is no events"},
  };
  for (const auto& row : rows) {
    const auto answer = answer_hook(hook_source(row.source).value(), request(row.body), kSecret);
    EXPECT_EQ(answer.status, 400) << row.source << " " << row.body;
    EXPECT_THAT(answer.message, HasSubstr(row.says)) << row.source << " " << row.body;
    EXPECT_THAT(answer.images, IsEmpty()) << row.source << " " << row.body;
  }
  for (const auto& each : kHookSources) {
    for (const auto* body : {"", "null", "[]", "\"text\"", "{", "\xff\xfe", "7"})
      EXPECT_EQ(answer_hook(each.source, request(body), kSecret).status, 400) << each.name << " " << body;
    EXPECT_EQ(answer_hook(each.source, request(std::string(200'000, '[')), kSecret).status, 400) << each.name;
  }
}

TEST(HookAnswerTest, RefusesBeforeItReads) {
  for (const auto& each : kHookSources) {
    auto wrong = request("no JSON");
    wrong.headers = {{"Authorization", "wrong"}};
    const auto refused = answer_hook(each.source, wrong, kSecret);
    EXPECT_EQ(refused.status, 401) << each.name;
    EXPECT_EQ(refused.message.find("tok\n"), std::string::npos);
    EXPECT_EQ(answer_hook(each.source, request("{}"), Secret()).status, 401) << each.name;

    auto get = request("{}");
    get.method = "GET";
    EXPECT_EQ(answer_hook(each.source, get, kSecret).status, 405) << each.name;
    EXPECT_EQ(answer_hook(each.source, request(std::string(kLargestHook + 1, ' ')), kSecret).status, 413) << each.name;
  }
}

TEST(HookAnswerTest, ReadsGitHubsForms) {
  auto form = request(
      "payload=%7B%22action%22%3A%22published%22%2C%22package%22%3A%7B%22package_type%22%3A%22CONTAINER"
      "%22%2C%22package_version%22%3A%7B%22package_url%22%3A%22ghcr.io%2Fshop%2Fcart%3A1.2%22%7D%7D%7D");
  form.headers.add("Content-Type", "application/x-www-form-urlencoded");
  EXPECT_EQ(shown(answer_hook(HookSource::github, form, kSecret)), "ghcr.io/shop/cart:1.2");
  form.body = "other=1";
  EXPECT_EQ(answer_hook(HookSource::github, form, kSecret).status, 400);
}

TEST(HookSourceTest, HasOneNameEach) {
  EXPECT_EQ(hook_source("harbor"), HookSource::harbor);
  EXPECT_EQ(hook_source("Harbor"), std::nullopt);
  EXPECT_EQ(hook_source(""), std::nullopt);
}

}  // namespace answer_test
}  // namespace flux::images
