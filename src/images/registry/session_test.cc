#include "images/registry/session.h"

#include <gmock/gmock.h>

#include "base/test_bounded.h"

namespace flux::images {
namespace session_test {

using testing::ElementsAre;

/// A registry that changes; `status` of 0 is no answer at all.
struct Played {
  std::map<std::string, int> status;  // by URL
  std::string challenge;
  std::vector<std::string> asked;

  Result<http::ClientResponse> operator()(const Bounded& /*ctx*/, const http::ClientRequest& request) {
    asked.push_back(request.url);
    http::ClientResponse response;
    response.url = request.url;
    const auto at = status.find(request.url);
    response.status = at == status.end() ? 0 : at->second;
    if (response.status == 0) return fail(ErrorKind::server, "no answer");
    if (response.status == 401) response.headers.add("WWW-Authenticate", challenge);
    return response;
  }
};

constexpr const char* kPing = "https://r.example/v2/";
constexpr const char* kList = "https://r.example/v2/app/tags/list";
constexpr const char* kPlainPing = "http://r.example/v2/";
constexpr const char* kPlainList = "http://r.example/v2/app/tags/list";

class SessionTest : public testing::Test {
 protected:
  SessionTest() { options.insecure_hosts = {"r.example"}; }

  /// Opens a session and asks for the tags; what was asked for.
  std::vector<std::string> list(RegistryHosts& hosts) {
    played.asked.clear();
    auto session = RegistrySession::open(bounded(), requests, hosts, {"r.example", "app", "", ""}, std::nullopt);
    ok = session && (*session)->ask(bounded(), {.path = "tags/list"});
    return played.asked;
  }

  Played played;
  bool ok = false;
  RegistryOptions options;
  RateLimits limits{1000, 100, {}};
  Requests requests{[this](const Bounded& ctx, const http::ClientRequest& request) { return played(ctx, request); },
                    options,
                    limits,
                    {},
                    "r.example"};
};

TEST_F(SessionTest, FindsAHostOnceWhileItWorks) {
  RegistryHosts hosts;
  played.status = {{kPing, 200}, {kList, 200}};
  EXPECT_THAT(list(hosts), ElementsAre(kPing, kList));
  EXPECT_THAT(list(hosts), ElementsAre(kList));
  EXPECT_TRUE(ok);
}

TEST_F(SessionTest, FindsAHostAgainAfterAWhile) {
  RegistryHosts hosts(Duration::zero());
  played.status = {{kPing, 200}, {kList, 200}};
  EXPECT_THAT(list(hosts), ElementsAre(kPing, kList));
  EXPECT_THAT(list(hosts), ElementsAre(kPing, kList));
}

TEST_F(SessionTest, NoticesThatAHostHasMovedToHttps) {
  for (const int plain : {0, 400, 421, 426}) {
    RegistryHosts hosts;
    played.status = {{kPlainPing, 200}, {kPlainList, 200}};
    EXPECT_THAT(list(hosts), ElementsAre(kPing, kPlainPing, kPlainList));
    EXPECT_TRUE(ok);
    played.status = {{kPing, 200}, {kList, 200}, {kPlainPing, plain}, {kPlainList, plain}};
    EXPECT_THAT(list(hosts), ElementsAre(kPlainList)) << plain;
    EXPECT_FALSE(ok);
    EXPECT_THAT(list(hosts), ElementsAre(kPing, kList)) << plain;
    EXPECT_TRUE(ok);
  }
}

TEST_F(SessionTest, NoticesThatAHostAsksForSomethingElse) {
  RegistryHosts hosts;
  played.status = {{kPing, 401}, {kList, 200}};
  played.challenge = "Bearer realm=\"https://r.example/old\"";
  list(hosts);
  EXPECT_FALSE(ok) << "the token service is gone";
  played.status = {{kPing, 200}, {kList, 200}};
  EXPECT_THAT(list(hosts), ElementsAre(kPing, kList));
  EXPECT_TRUE(ok);
}

TEST_F(SessionTest, KeepsWhatItKnowsWhereOnlyTheQuestionWasWrong) {
  for (const int status : {403, 404, 500}) {
    RegistryHosts hosts;
    played.status = {{kPing, 200}, {kList, status}};
    list(hosts);
    EXPECT_FALSE(ok);
    EXPECT_THAT(list(hosts), ElementsAre(kList)) << status;
  }
}

}  // namespace session_test
}  // namespace flux::images
