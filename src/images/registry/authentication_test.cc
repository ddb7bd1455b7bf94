#include "images/registry/authentication.h"

#include <gmock/gmock.h>

#include "base/test_bounded.h"

namespace flux::images {
namespace authentication_test {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto* kBase = "https://r.example.org";

class IdentityToken : public ::testing::Test {
 protected:
  RegistryResult<Secret> meet(const std::string& challenge) {
    Authentication ours(requests, kBase, "team/app", Credential{kTokenUser, Secret("jw+t"), "test"});
    return ours.first(bounded(), parse_challenges({challenge}));
  }

  std::vector<http::ClientRequest> sent;
  RegistryOptions options;
  RateLimits limits{1000, 1000, {}};
  Requests requests{[this](const Bounded&, http::ClientRequest request) -> Result<http::ClientResponse> {
                      sent.push_back(std::move(request));
                      return http::ClientResponse{200, {}, R"({"access_token":"granted"})", sent.back().url};
                    },
                    options,
                    limits,
                    {},
                    "r.example.org"};
};

TEST_F(IdentityToken, IsExchangedForOneOfTheRepository) {
  const auto made = meet(R"(Bearer realm="https://r.example.org/token",service="r.example.org")");
  ASSERT_TRUE(made);
  EXPECT_EQ(*made, Secret("Bearer granted"));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].method, "POST");
  EXPECT_EQ(sent[0].url, "https://r.example.org/token");
  EXPECT_EQ(sent[0].body,
            "grant_type=refresh_token&client_id=fluxd&service=r.example.org&scope=repository%3Ateam%2Fapp%3Apull&"
            "refresh_token=jw%2Bt");
  EXPECT_TRUE(sent[0].authorization.empty());
  EXPECT_EQ(sent[0].redirects.limit, 0) << "a redirect would take the token elsewhere";
}

TEST_F(IdentityToken, IsNotForForeignTokenServices) {
  ASSERT_TRUE(meet(R"(Bearer realm="https://evil.example.com/token")"));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].method, "GET");
  EXPECT_THAT(sent[0].url + sent[0].body, Not(HasSubstr("jw")));
}

TEST_F(IdentityToken, IsNoPassword) {
  const auto made = meet(R"(Basic realm="x")");
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->empty());
  EXPECT_TRUE(sent.empty());
}

TEST(TokenService, ThatFailsIsNamedWithWhoAskedIt) {
  RegistryOptions options;
  RateLimits limits{1000, 1000, {}};
  Result<http::ClientResponse> answer = fail(ErrorKind::server, "connection refused", "check it");
  const Requests requests([&](const Bounded&, const http::ClientRequest&) { return answer; }, options, limits, {},
                          "r.example.org");
  const auto ask = [&](const std::string& realm) {
    Authentication ours(requests, kBase, "team/app", Credential{"rob", Secret("s3cret-pw"), "team:secret/pull"});
    auto made = ours.first(bounded(), parse_challenges({"Bearer realm=\"" + realm + "\""}));
    return made ? Error() : made.error().error;
  };
  const std::string own = "https://r.example.org/token";
  const std::string as_rob =
      "asking r.example.org, the token service of https://r.example.org, for a token as rob (from team:secret/pull): ";
  EXPECT_EQ(ask(own).message, as_rob + "connection refused");
  EXPECT_EQ(ask(own).help, "check it");
  const auto foreign = ask("https://evil.example.com/token");
  EXPECT_THAT(foreign.message, HasSubstr("for a token as anybody: connection refused; the credentials from "
                                         "team:secret/pull did not go to the token service evil.example.com"));
  EXPECT_THAT(foreign.help, HasSubstr("--registry-auth-host"));
  answer = http::ClientResponse{401, {}, R"({"errors":[{"message":"not rob:s3cret-pw"}]})", own};
  EXPECT_EQ(ask(own).message, as_rob + "status 401, not rob:<redacted>");
  EXPECT_EQ(ask(own).help, "Check the credentials from team:secret/pull.");
  answer = http::ClientResponse{200, {}, R"({"refresh_token":"abc"})", own};
  EXPECT_EQ(ask(own).message, as_rob + "there is no token in its answer");
}

}  // namespace authentication_test
}  // namespace flux::images
