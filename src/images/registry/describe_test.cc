#include "images/registry/describe.h"

#include <gmock/gmock.h>

#include "base/test_bounded.h"

namespace flux::images {
namespace describe_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Answers by path, and remembers what it was asked.
struct Played {
  std::map<std::string, std::string> bodies;
  std::vector<std::string> asked;

  Result<http::ClientResponse> operator()(const Bounded& /*ctx*/, const http::ClientRequest& request) {
    const auto path = request.url.substr(std::string("https://r.example").size());
    asked.push_back(path);
    http::ClientResponse response;
    response.url = request.url;
    const auto body = bodies.find(path);
    response.status = path == "/v2/" || body != bodies.end() ? 200 : 404;
    if (body != bodies.end()) response.body = body->second;
    return response;
  }
};

class DescribeTest : public ::testing::Test {
 protected:
  std::unique_ptr<RegistrySession> open() {
    return std::move(*RegistrySession::open(bounded(), requests, hosts, {"r.example", "app", "", ""}, std::nullopt));
  }

  Played played;
  RegistryOptions options;
  RateLimits limits{1000, 100, {}};
  RegistryHosts hosts;
  Requests requests{[this](const Bounded& ctx, const http::ClientRequest& request) { return played(ctx, request); },
                    options,
                    limits,
                    {},
                    "r.example"};
};

TEST_F(DescribeTest, TakesForATagWhatIsOne) {
  played.bodies["/v2/app/tags/list"] =
      R"({"tags":["1.0","../../other/manifests/1","a b","a\nts=now","-x",".x","_ok","", null, 7, "x?y", "x#y"]})";
  EXPECT_THAT(list_tags(bounded(), *open()).value(), ElementsAre("1.0", "_ok"));
  played.bodies["/v2/app/tags/list"] = R"({"tags":[")" + std::string(129, 'a') + R"("]})";
  EXPECT_THAT(list_tags(bounded(), *open()).value(), IsEmpty());
}

TEST_F(DescribeTest, AsksForNothingButDigests) {
  played.bodies["/v2/app/manifests/1"] = R"({"config":{"digest":"../../other/blobs/x"}})";
  const auto described = describe(bounded(), *open(), "1", {{}});
  ASSERT_FALSE(described);
  EXPECT_THAT(described.error().error.message, HasSubstr("no digest"));
  played.bodies["/v2/app/manifests/2"] =
      R"({"manifests":[{"digest":"../x","platform":{"os":"linux","architecture":"amd64"}}]})";
  EXPECT_THAT(describe(bounded(), *open(), "2", {{}}).value().excluded, HasSubstr("no suitable manifest"));
  EXPECT_THAT(played.asked, ElementsAre("/v2/", "/v2/app/manifests/1", "/v2/app/manifests/2"));
}

TEST_F(DescribeTest, SaysWhatIsNoListOfTags) {
  for (const auto* body : {"<html>", "[]", R"({"tags":{}})"}) {
    played.bodies["/v2/app/tags/list"] = body;
    EXPECT_FALSE(list_tags(bounded(), *open())) << body;
  }
}

}  // namespace describe_test
}  // namespace flux::images
