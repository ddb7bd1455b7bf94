#include "http/redirect.h"

#include <gmock/gmock.h>

namespace flux::http {
namespace redirect_test {

using ::testing::HasSubstr;
using ::testing::Not;

const std::shared_ptr<const TlsProfile> kOwn = TlsProfile::make({.server_name = "kube.test"}).value();

ClientResponse sent_to(int status, const std::string& location) { return {status, {{"Location", location}}, "", ""}; }

Result<ClientRequest> follow(ClientRequest request, int status, const std::string& location) {
  request.redirects.limit = 1;
  return redirected(std::move(request), sent_to(status, location), kOwn);
}

TEST(IsFollowed, OnlyWhatIsARedirectAndAllowed) {
  for (const int status : {301, 302, 303, 307, 308}) EXPECT_TRUE(is_followed({.limit = 1}, sent_to(status, "/")));
  for (const int status : {200, 300, 304, 305, 306, 404}) EXPECT_FALSE(is_followed({.limit = 1}, sent_to(status, "/")));
  EXPECT_FALSE(is_followed({}, sent_to(301, "/")));
  EXPECT_FALSE(is_followed({.limit = 1}, {301, {}, "", ""}));
}

TEST(Redirected, MethodsChangeAsInBrowsers) {
  const std::tuple<int, const char*, const char*, const char*> rows[] = {
      {301, "GET", "GET", "GET"},    {301, "HEAD", "HEAD", "HEAD"},    {301, "POST", "GET", "POST"},
      {302, "POST", "GET", "POST"},  {302, "PUT", "PUT", "PUT"},       {302, "DELETE", "DELETE", "DELETE"},
      {303, "POST", "GET", "GET"},   {303, "PUT", "GET", "GET"},       {303, "HEAD", "HEAD", "HEAD"},
      {307, "POST", "POST", "POST"}, {307, "PATCH", "PATCH", "PATCH"}, {308, "POST", "POST", "POST"}};
  for (const auto& [status, method, expected, kept] : rows)
    for (const bool keep : {false, true}) {
      const auto next = follow({.method = method,
                                .url = "http://h/a",
                                .headers = {{"content-type", "text/plain"}, {"Accept", "*/*"}},
                                .body = "body",
                                .redirects = {.keep_method = keep}},
                               status, "/b");
      ASSERT_TRUE(next);
      EXPECT_EQ(next->method, keep ? kept : expected) << status << method;
      const bool same = next->method == method;
      EXPECT_EQ(next->body, same ? "body" : "");
      EXPECT_EQ(next->headers.get("Content-Type").has_value(), same);
      EXPECT_EQ(next->headers.get("Accept"), "*/*");
    }
}

TEST(Redirected, OnlyTheSameOriginLearnsTheCredentials) {
  struct Row {
    const char* from;
    const char* location;
    bool told;
    bool told_on_same_host;
  };
  const Row rows[] = {
      {"https://h/a/b?c", "../x?y=1", true, true},
      {"https://h/", "https://H:443/x", true, true},
      {"https://h:6443/", "//h:6443/x", true, true},
      {"https://h/", "https://h:444/", false, true},
      {"http://h/", "https://h/", false, true},
      {"http://h:3030/", "http://h/", false, true},
      {"https://h/", "https://h.evil.example/", false, false},
      {"https://h/", "https://h@evil.example/", false, false},
      {"https://h/", "http://h/", false, false},
      {"https://h/", "http://h:443/", false, false},
  };
  for (const auto& row : rows)
    for (const bool same_host : {false, true}) {
      const auto next = follow({.url = row.from,
                                .headers = {{"Cookie", "c"}, {"host", "h"}, {"X-A", "a"}},
                                .authorization = Secret("Bearer t"),
                                .redirects = {.allow_plain = true, .authorize_host = same_host}},
                               307, row.location);
      ASSERT_TRUE(next) << row.location;
      const bool told = same_host ? row.told_on_same_host : row.told;
      EXPECT_EQ(next->authorization.empty(), !told) << row.from << " " << row.location;
      EXPECT_EQ(next->headers.get("Cookie").has_value(), told);
      EXPECT_EQ(next->headers.get("Host").has_value(), told);
      EXPECT_EQ(next->headers.get("X-A"), "a");
      if (told)
        EXPECT_EQ(next->tls, nullptr);
      else
        EXPECT_EQ(next->tls->options().server_name, "");
    }
}

TEST(Redirected, TrustGoesAlongButNotWhoWeAre) {
  const auto profile = TlsProfile::make({.insecure_skip_verify = true, .server_name = "registry.test"}).value();
  const auto same = follow({.url = "https://h/a", .tls = profile}, 301, "/b");
  EXPECT_EQ(same->tls, profile);
  const auto other = follow({.url = "https://h/a", .tls = profile}, 301, "https://cdn.example/b");
  EXPECT_TRUE(other->tls->options().insecure_skip_verify);
  EXPECT_EQ(other->tls->options().server_name, "");
}

TEST(Redirected, LeavesTlsOnlyWhenAllowed) {
  const ClientRequest request{.url = "https://h/a"};
  const auto refused = follow(request, 301, "http://h/a?token=hunter2");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::server);
  EXPECT_THAT(refused.error().message, HasSubstr("http://h/a, which is not encrypted"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("hunter2")));
  auto allowed = request;
  allowed.redirects.allow_plain = true;
  EXPECT_EQ(follow(allowed, 301, "http://h/a")->url, "http://h/a");
}

TEST(Redirected, RefusesWhatIsNoAddress) {
  for (const auto* location : {"file:///etc/passwd", "ftp://127.0.0.1/", "http://h:99999/", "http://"}) {
    const auto next = follow({.url = "http://h/"}, 302, location);
    ASSERT_FALSE(next) << location;
    EXPECT_EQ(next.error().kind, ErrorKind::server);
  }
}

}  // namespace redirect_test
}  // namespace flux::http
