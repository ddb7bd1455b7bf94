#include "http/proxy.h"

#include <gmock/gmock.h>

namespace flux::http {
namespace proxy_test {

Secret chosen(const ProxyRules& rules, const std::string& url) { return choose_proxy(rules, *parse_url(url)); }

ProxyRules rules_with(const std::string& exceptions) {
  return {{}, Secret("http://plain:1"), Secret("http://tls:2"), exceptions};
}

TEST(ChooseProxy, GoesByScheme) {
  EXPECT_EQ(chosen(rules_with(""), "http://example.com/"), Secret("http://plain:1"));
  EXPECT_EQ(chosen(rules_with(""), "https://example.com/"), Secret("http://tls:2"));
  EXPECT_EQ(chosen({}, "https://example.com/"), Secret());
}

TEST(ChooseProxy, LeavesThisMachineAlone) {
  for (const auto* url : {"http://localhost/", "http://127.0.0.1:8080/", "http://127.9.9.9/", "https://[::1]/"})
    EXPECT_EQ(chosen(rules_with(""), url), Secret()) << url;
}

TEST(ChooseProxy, LeavesMetadataServicesAlone) {
  for (const auto* url : {"http://169.254.169.254/latest/", "http://169.254.170.2/v2", "http://[fd00:ec2::254]/latest/",
                          "http://metadata.google.internal/computeMetadata/v1/"})
    EXPECT_EQ(chosen(rules_with(""), url), Secret()) << url;
  EXPECT_EQ(chosen(rules_with(""), "http://169.253.1.1/"), chosen(rules_with(""), "http://a.test/"));
}

TEST(ChooseProxy, HonoursExceptions) {
  struct Case {
    const char* exceptions;
    const char* url;
    bool direct;
  };
  const Case cases[] = {
      {"example.com", "http://example.com/", true},
      {"example.com", "http://EXAMPLE.com/", true},
      {"example.com", "http://sub.example.com/", true},
      {"example.com", "http://badexample.com/", false},
      {".example.com", "http://sub.example.com/", true},
      {".example.com", "http://example.com/", false},
      {"*.example.com", "http://sub.example.com/", true},
      {"a, b ,c", "http://b/", true},
      {"*", "http://anything/", true},
      {"example.com:8080", "http://example.com:8080/", true},
      {"example.com:8080", "http://example.com/", false},
      {"10.0.0.0/8", "http://10.20.30.40/", true},
      {"10.0.0.0/8", "http://11.0.0.1/", false},
      {"10.0.0.0/8", "http://10.example.com/", false},
      {"10.96.0.1", "https://10.96.0.1:443/", true},
      {"10.96.0.1:6443", "https://10.96.0.1:443/", false},
      {"fd00::/8", "http://[fd00::1]/", true},
      {"fd00::1", "http://[fd00::1]/", true},
      {"[fd00::1]:80", "http://[fd00::1]/", true},
      {"10.0.0.0/x,,/", "http://10.0.0.1/", false},
  };
  for (const auto& c : cases)
    EXPECT_EQ(chosen(rules_with(c.exceptions), c.url).empty(), c.direct) << c.exceptions << " " << c.url;
}

TEST(ChooseProxy, AFixedOneIsAlwaysUsed) {
  auto rules = rules_with("*");
  rules.fixed = Secret("socks5://proxy:1080");
  EXPECT_EQ(chosen(rules, "http://localhost/"), Secret("socks5h://proxy:1080"));
}

TEST(CheckProxies, RefusesWhatCurlWouldNotTake) {
  for (const auto* good : {"", "proxy:3128", "http://me:pw@proxy:3128", "https://proxy", "socks5://proxy"})
    EXPECT_TRUE(check_proxies({Secret(good), {}, {}, ""})) << good;
  for (const auto* bad : {"gopher://proxy", "http://pro xy:1", "http://me:hunter2@proxy:port"}) {
    const auto result = check_proxies({{}, {}, Secret(bad), ""});
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().kind, ErrorKind::user);
    EXPECT_THAT(result.error().message + result.error().help, ::testing::Not(::testing::HasSubstr("hunter2")));
  }
}

}  // namespace proxy_test
}  // namespace flux::http
