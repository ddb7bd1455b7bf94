#include "images/registry/realm.h"

#include <gtest/gtest.h>

namespace flux::images {
namespace realm_test {

struct Row {
  const char* name;
  const char* registry;
  const char* realm;
  bool allowed;
};

class RealmTest : public ::testing::TestWithParam<Row> {};

TEST_P(RealmTest, Credentials) {
  RegistryOptions options;
  options.insecure_hosts = {"plain.example.org", "10.1.1.1:5000"};
  options.auth_hosts = {"login.example.com", "192.168.7.7:8443"};
  const auto refusal =
      realm_refusal(http::parse_url(GetParam().registry).value(), http::parse_url(GetParam().realm).value(), options);
  EXPECT_EQ(!refusal, GetParam().allowed) << refusal.value_or("");
}

INSTANTIATE_TEST_SUITE_P(
    All, RealmTest,
    ::testing::Values(
        Row{"TheRegistryItself", "https://r.example.org", "https://r.example.org/token", true},
        Row{"TheRegistryAtAnotherPort", "https://r.example.org", "https://r.example.org:8443/token", true},
        Row{"TheSameDomain", "https://r.example.co.uk", "https://auth.example.co.uk/t", true},
        Row{"APublicSuffixIsNoDomain", "https://r.co.uk", "https://evil.co.uk/t", false},
        Row{"PlatformsWhereEverybodyHasANameAreNoDomain", "https://a.github.io", "https://b.github.io/t", false},
        Row{"Another", "https://r.example.org", "https://evil.example.net/t", false},
        Row{"ANameThatEndsAlike", "https://r.example.org", "https://evilexample.org/t", false},
        Row{"DockerHub", "https://index.docker.io", "https://auth.docker.io/token", true},
        Row{"GitLab", "https://registry.gitlab.com", "https://gitlab.com/jwt/auth", true},
        Row{"TheWrongHalfOfAPair", "https://r.example.org", "https://auth.docker.io/token", false},
        Row{"NamedByTheUser", "https://r.example.org", "https://login.example.com/t", true},
        Row{"NamedByTheUserWithItsPort", "https://r.example.org", "https://192.168.7.7:8443/t", true},
        Row{"NamedByTheUserButPlain", "https://r.example.org", "http://login.example.com/t", false},
        Row{"Plain", "https://r.example.org", "http://r.example.org/token", false},
        Row{"PlainAndInsecure", "http://plain.example.org", "http://plain.example.org/token", true},
        Row{"PlainAndInsecureAtItsPort", "http://10.1.1.1:5000", "http://10.1.1.1:5000/token", true},
        Row{"PlainAtAnotherPort", "http://10.1.1.1:5000", "http://10.1.1.1:5001/token", false},
        Row{"ThePrivateRegistryItself", "https://10.0.0.5", "https://10.0.0.5/token", true},
        Row{"AnotherPrivateAddress", "https://10.0.0.5", "https://10.0.0.6/token", false},
        Row{"Metadata", "https://r.example.org", "https://169.254.169.254/t", false},
        Row{"MetadataBySixes", "https://r.example.org", "https://[fd00:ec2::254]/t", false},
        Row{"MappedLoopback", "https://r.example.org", "https://[::ffff:127.0.0.1]/t", false},
        Row{"Localhost", "https://r.example.org", "https://localhost/t", false}),
    [](const auto& row) { return row.param.name; });

}  // namespace realm_test
}  // namespace flux::images
