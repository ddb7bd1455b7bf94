#include "http/url.h"

#include <gmock/gmock.h>

namespace flux::http {
namespace url_test {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ParseUrl, TakesWhatTheClientNeeds) {
  struct Case {
    const char* text;
    const char* origin;
    const char* authority;
    const char* display;
  };
  const Case cases[] = {
      {"https://Host.Example/a/b", "https://host.example:443", "host.example", "https://host.example/a/b"},
      {"http://10.0.0.1:8080", "http://10.0.0.1:8080", "10.0.0.1:8080", "http://10.0.0.1:8080/"},
      {"https://[::1]:6443/api?watch=1", "https://[::1]:6443", "[::1]:6443", "https://[::1]:6443/api"},
      {"http://host:80/x", "http://host:80", "host", "http://host/x"},
      {"https://me:pw@host/x?token=t#f", "https://host:443", "host", "https://host/x"},
  };
  for (const auto& c : cases) {
    const auto url = parse_url(c.text);
    ASSERT_TRUE(url) << c.text << ": " << url.error().message;
    EXPECT_EQ(url->origin(), c.origin);
    EXPECT_EQ(url->authority(false), c.authority);
    EXPECT_EQ(url->display, c.display);
  }
  EXPECT_EQ(parse_url("https://me:p%40w@host/")->password, Secret("p@w"));
}

TEST(ParseUrl, RefusesWithoutQuotingSecrets) {
  for (const std::string text :
       {"https://me:hunter2@host name/", "ftp://me:hunter2@host/x", "https://me:hunter2@host:99999/?a=hunter2",
        "/path?x=hunter2", "me:hunter2@host", "https://", ""}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().kind, ErrorKind::user);
    EXPECT_THAT(url.error().message, Not(HasSubstr("hunter2")));
    EXPECT_FALSE(url.error().help.empty());
  }
}

TEST(WithHost, ReplacesTheHostOnly) {
  EXPECT_EQ(*with_host("https://10.0.0.1:6443/api?x=%2F", "kube.example"), "https://kube.example:6443/api?x=%2F");
  EXPECT_FALSE(with_host("https://10.0.0.1/", "not a host"));
}

TEST(Resolve, FollowsReferences) {
  const std::pair<const char*, const char*> rows[] = {
      {"/x?b=2", "https://h:1/x?b=2"}, {"other", "https://h:1/a/other"}, {"../other", "https://h:1/other"},
      {"//g/x", "https://g/x"},        {"http://g/x", "http://g/x"},     {"?q", "https://h:1/a/b?q"},
  };
  for (const auto& [reference, url] : rows) EXPECT_EQ(*resolve("https://h:1/a/b?c=d", reference), url) << reference;
  for (const auto* reference : {"file:///etc/passwd", "ftp://g/", "http://"})
    EXPECT_FALSE(resolve("https://h:1/a/b", reference)) << reference;
}

TEST(EncodeQuery, LeavesNothingThatMeansSomething) {
  EXPECT_EQ(encode_query("repository:a/b_c-1.0~x:pull"), "repository%3Aa%2Fb_c-1.0~x%3Apull");
  EXPECT_EQ(encode_query("a b&c=\xC3\xA9"), "a%20b%26c%3D%C3%A9");
}

}  // namespace url_test
}  // namespace flux::http
