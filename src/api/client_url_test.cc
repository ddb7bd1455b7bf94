#include "api/client_url.h"

#include <gtest/gtest.h>

namespace flux::api {
namespace client_url_test {

TEST(CallUrlTest, JoinsBaseRouteAndQuery) {
  struct Row {
    const char* base;
    const char* route;
    Query query;
    const char* url;
  };
  const Row rows[] = {
      {"http://127.0.0.1:3030/api/flux", "v11/ping", {}, "http://127.0.0.1:3030/api/flux/v11/ping"},
      {"http://h/api/flux/", "v11/ping", {}, "http://h/api/flux/v11/ping"},
      {"http://h//api/./flux///", "v11/ping", {}, "http://h/api/flux/v11/ping"},
      {"http://h/api/x/../flux", "v11/ping", {}, "http://h/api/flux/v11/ping"},
      {"http://h", "v11/ping", {}, "http://h/v11/ping"},
      {"http://h?old=1#frag", "v11/ping", {}, "http://h/v11/ping"},
      {"https://me:pw@h:8443/p%2Fq/?old=1", "v6/jobs", {{"id", "x"}}, "https://me:pw@h:8443/p%2Fq/v6/jobs?id=x"},
      {"http://[::1]:1/api/flux", "v6/sync", {{"ref", "HEAD~1"}}, "http://[::1]:1/api/flux/v6/sync?ref=HEAD~1"},
      // Sorted, empty ones kept, encoded as a form.
      {"http://h/api/flux",
       "v10/images",
       {{"service", "<all>"}, {"containerFields", ""}, {"namespace", "shop"}},
       "http://h/api/flux/v10/images?containerFields=&namespace=shop&service=%3Call%3E"},
      {"http://h",
       "v11/services",
       {{"services", "a:deployment/b,c/d e"}, {"namespace", ""}},
       "http://h/v11/services?namespace=&services=a%3Adeployment%2Fb%2Cc%2Fd+e"},
      {"http://h", "v6/sync", {{"ref", "\xC3\xA9&=#%+~"}}, "http://h/v6/sync?ref=%C3%A9%26%3D%23%25%2B~"},
  };
  for (const auto& row : rows) {
    const auto url = call_url(row.base, row.route, row.query);
    ASSERT_TRUE(url) << row.base << ": " << url.error().message;
    EXPECT_EQ(*url, row.url);
  }
}

TEST(CallUrlTest, RefusesWhatIsNoUrlWithoutQuotingSecrets) {
  for (const auto* base :
       {"", "h:3030", "/api/flux", "ftp://h/", "http://", "http://h:99999/", "http://me:hunter2@h h/", "http:/h/api"}) {
    const auto url = call_url(base, "v11/ping", {});
    ASSERT_FALSE(url) << base << " -> " << *url;
    EXPECT_EQ(url.error().kind, ErrorKind::user);
    EXPECT_TRUE(url.error().message.starts_with("parsing URL: ")) << url.error().message;
    EXPECT_EQ(url.error().message.find("hunter2"), std::string::npos);
  }
}

}  // namespace client_url_test
}  // namespace flux::api
