#include <gtest/gtest.h>

#include "cluster/client.h"
#include "cluster/retry.h"
#include "cluster/status.h"
#include "model/glob.h"

namespace flux::cluster {
namespace plain_values_test {

using namespace std::chrono_literals;

TEST(GlobMatch, knows_only_stars) {
  const struct {
    const char* pattern;
    const char* text;
    bool matches;
  } rows[] = {
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"*", "a/b", true},
      {"a*", "abc", true},
      {"*c", "abc", true},
      {"a*c", "ac", true},
      {"a*a", "a", false},
      {"a*b*c", "aXbYc", true},
      {"*b*b*", "ab", false},
      {"a**b", "ab", true},
      {"a?c", "abc", false},
      {"[a]", "a", false},
      {"A", "a", false},
      {"*ab*ab", "abab", true},
      {"*metrics.k8s.io/*", "metrics.k8s.io/v1beta1/", true},
      {"v1/Event", "v1/Event", true},
      {"v1/Event", "v1/Events", false},
      {"*a*b", "xbya", false},
  };
  for (const auto& row : rows)
    EXPECT_EQ(glob_match(row.pattern, row.text), row.matches) << row.pattern << " " << row.text;
}

TEST(EncodeUri, leaves_only_plain_characters) {
  EXPECT_EQ(encode_uri("a-b_c.d~e/f=g:h é"), "a-b_c.d~e%2Ff%3Dg%3Ah%20%C3%A9");
}

TEST(RetryWait, follows_status_attempts_and_retry_after) {
  const RetryRules rules{4, 100ms, 300ms, 10s};
  const auto wait = [&](int attempt, int status, const char* after = nullptr, bool conflict_too = false) {
    http::ClientResponse response{status, {}, ""};
    if (after != nullptr) response.headers.add("Retry-After", after);
    return retry_wait(rules, attempt, response, conflict_too, 0);
  };
  EXPECT_EQ(wait(1, 503), 100ms);
  EXPECT_EQ(wait(2, 503), 200ms);
  EXPECT_EQ(wait(3, 503), 300ms);
  EXPECT_EQ(wait(4, 503), std::nullopt);
  EXPECT_EQ(wait(1, 429, "2"), 2s);
  EXPECT_EQ(wait(1, 429, "3600"), std::nullopt) << "others would wait, too";
  EXPECT_EQ(wait(1, 429, "soon"), 100ms);
  EXPECT_EQ(wait(1, 409), std::nullopt);
  EXPECT_EQ(wait(1, 409, nullptr, true), 100ms);
  EXPECT_EQ(wait(2, 500), 200ms);
  EXPECT_EQ(wait(3, 500), std::nullopt);
  for (const int status : {200, 400, 403, 404, 410, 422}) EXPECT_EQ(wait(1, status), std::nullopt) << status;
  EXPECT_EQ(retry_wait(rules, 1, fail(ErrorKind::server, "broken"), false, 1), 50ms);
}

TEST(DecodeStatus, advises_what_fits_the_cause_of_a_403) {
  const auto help = [](const std::string& message) {
    return decode_status(403, R"({"kind":"Status","reason":"Forbidden","message":")" + message + "\"}", "x").help;
  };
  struct Row {
    const char* message;
    const char* says;
  };
  for (const auto& row : {
           Row{"deployments.apps is forbidden: User \\\"system:serviceaccount:flux:flux\\\" cannot patch resource",
               "right"},
           Row{"pods \\\"a\\\" is forbidden: violates PodSecurity \\\"restricted:latest\\\": privileged",
               "Pod Security"},
           Row{"pods \\\"a\\\" is forbidden: exceeded quota: q, requested: pods=1", "ResourceQuota"},
           Row{"pods \\\"a\\\" is forbidden: failed quota: q: must specify limits.cpu", "ResourceQuota"},
           Row{"configmaps \\\"a\\\" is forbidden: unable to create new content in namespace x because it is being "
               "terminated",
               "being deleted"},
           Row{"namespaces \\\"default\\\" is forbidden: this namespace may not be deleted", "leave it alone"},
           Row{"admission webhook \\\"w\\\" denied the request: no", "webhook"},
           Row{"configmaps \\\"a\\\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no",
               "admission policy"},
           Row{"something else", "rights of fluxd's service account are not it"},
       })
    EXPECT_NE(help(row.message).find(row.says), std::string::npos) << row.message << " -> " << help(row.message);
}

TEST(DecodeStatus, tells_message_causes_and_kind) {
  const auto invalid = decode_status(
      422,
      R"({"kind":"Status","reason":"Invalid","message":"x is invalid: spec.a: Required value","details":{"causes":[
         {"message":"Required value","field":"spec.a"},{"message":"too long","field":"spec.b"}]}})",
      "shop:deployment/web");
  EXPECT_EQ(invalid.message, "shop:deployment/web: x is invalid: spec.a: Required value (spec.b: too long)");
  EXPECT_EQ(invalid.kind, ErrorKind::user);
  EXPECT_EQ(invalid.reason, "Invalid");
  EXPECT_EQ(decode_status(404, R"({"kind":"Status","message":"gone"})", "x").kind, ErrorKind::missing);
  EXPECT_TRUE(decode_status(403, "", "x").forbidden());
  EXPECT_FALSE(decode_status(403, "", "x").help.empty());
  const auto proxy = decode_status(502, "<html>\nbad\x01 gateway</html>" + std::string(1000, 'x'), "x");
  EXPECT_EQ(proxy.kind, ErrorKind::server);
  EXPECT_LT(proxy.message.size(), 300U);
  EXPECT_EQ(proxy.message.find('\n'), std::string::npos);
}

}  // namespace plain_values_test
}  // namespace flux::cluster
