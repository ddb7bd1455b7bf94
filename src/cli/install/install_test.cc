#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "cli/canned_daemon.h"
#include "cli/install/manifests.h"
#include "cli/install/scalar.h"
#include "yaml/reader.h"

namespace flux::cli {
namespace install_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct ScalarCase {
  const char* text;
  const char* yaml;
};

TEST(InstallTest, QuotesValuesThatNeedIt) {
  const ScalarCase cases[] = {
      {"flux", "flux"},     {"--git-url=git@host:shop", "--git-url=git@host:shop"},
      {"", "\"\""},         {"1", "\"1\""},
      {"true", "\"true\""}, {"a: b", "\"a: b\""},
      {"a #b", "\"a #b\""}, {"a:", "\"a:\""},
      {"-", "\"-\""},       {"two\nlines \"quoted\"", R"("two\nlines \"quoted\"")"},
  };
  for (const auto& row : cases) {
    EXPECT_EQ(yaml_scalar(row.text), row.yaml);
    const auto text = yaml_scalar(row.text);
    const auto documents = yaml::read_all(text);
    ASSERT_TRUE(documents) << row.text;
    EXPECT_EQ(documents->front().root().text(), row.text);
  }
}

TEST(InstallTest, OrdersTheArgumentsAsPatchesExpect) {
  InstallOptions options;
  options.git_url = "git@host:shop";
  options.git_email = "ops@acme.example";
  EXPECT_THAT(fluxd_args(options),
              ElementsAre("--memcached-service=", "--ssh-keygen-dir=/var/fluxd/keygen", "--git-url=git@host:shop",
                          "--git-branch=master", "--git-label=flux", "--git-user=Flux", "--git-email=ops@acme.example",
                          "--listen-metrics=:3031"));
  options.git_paths = {"a", "b"};
  options.git_label = options.git_user = "";
  options.git_readonly = options.manifest_generation = options.registry_disable_scanning = true;
  EXPECT_THAT(fluxd_args(options),
              ElementsAre("--memcached-service=", "--ssh-keygen-dir=/var/fluxd/keygen", "--git-url=git@host:shop",
                          "--git-branch=master", "--git-path=a,b", "--git-email=ops@acme.example", "--git-readonly",
                          "--manifest-generation=true", "--listen-metrics=:3031", "--registry-disable-scanning"));
}

/// `kind/name` of all objects, with the namespace where there is one.
std::vector<std::string> objects_in(const std::string& text) {
  std::vector<std::string> objects;
  const auto documents = yaml::read_all(text);
  EXPECT_TRUE(documents) << documents.error().message;
  if (!documents) return objects;
  for (const auto& document : *documents) {
    const auto metadata = *document.root().find("metadata");
    const auto ns = metadata.find("namespace");
    objects.push_back(std::string(document.root().find("kind")->text()) + "/" +
                      std::string(metadata.find("name")->text()) + (ns ? " in " + std::string(ns->text()) : ""));
  }
  return objects;
}

TEST(InstallTest, PrintsEverythingThatAnInstallationNeeds) {
  const std::vector<std::string> args{"install", "--git-url=u: #", "--git-email=e", "--namespace=ops"};
  const auto ran = Attempt()(args);
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "The manifests name docker.io/fluxcd/flux:1.25.4, which is Flux v1; --image names another.\n");
  EXPECT_EQ(ran.out, Attempt()(args).out);
  EXPECT_THAT(
      objects_in(ran.out),
      ElementsAre("ServiceAccount/flux in ops", "ClusterRole/flux", "ClusterRoleBinding/flux", "Deployment/flux in ops",
                  "Secret/flux-git-deploy in ops", "Deployment/memcached in ops", "Service/memcached in ops"));
  EXPECT_THAT(ran.out, HasSubstr("\n            - \"--git-url=u: #\"\n"));
  EXPECT_THAT(ran.out, HasSubstr("runAsUser: 11211"));
}

TEST(InstallTest, NamesAnotherImageWithoutAWord) {
  const auto ran = Attempt()({"install", "--git-url=u", "--git-email=e", "--image=registry.example.org/fluxd:2"});
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, HasSubstr("image: registry.example.org/fluxd:2\n"));
}

TEST(InstallTest, LeavesOutWhatIsNotWanted) {
  const auto ran = Attempt()({"install", "--git-url=u", "--git-email=e", "--registry-disable-scanning"});
  EXPECT_THAT(objects_in(ran.out), testing::SizeIs(5));
  EXPECT_THAT(Attempt()({"install", "--git-url=u", "--git-email=e", "--add-security-context=false"}).out,
              Not(HasSubstr("runAsUser")));
  // The later spelling replaces what came before it.
  EXPECT_THAT(Attempt()({"install", "--git-url=u", "--git-email=e", "--git-path=a,b", "--git-paths=c"}).out,
              HasSubstr("--git-path=c\n"));
}

TEST(InstallTest, WritesFilesUnderFixedNames) {
  const auto dir = std::filesystem::path(testing::TempDir()) / ("cli-install-" + std::to_string(getpid()));
  const std::vector<std::string> args{"install", "--git-url=u", "--git-email=e", "--image=i", "-o", dir.string()};
  EXPECT_THAT(Attempt()(args).err, testing::StartsWith("Error: " + dir.string() + " is not a directory\n"));
  std::filesystem::create_directories(dir);
  const auto ran = Attempt()(args);
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "");
  std::string writing;
  for (const auto* name :
       {"flux-account.yaml", "flux-deployment.yaml", "flux-secret.yaml", "memcache-dep.yaml", "memcache-svc.yaml"}) {
    writing += "writing " + (dir / name).string() + "\n";
    EXPECT_TRUE(std::filesystem::exists(dir / name)) << name;
  }
  EXPECT_EQ(ran.err, writing);
  std::filesystem::remove_all(dir);
}

TEST(InstallTest, NeedsARepositoryAndAnAddress) {
  EXPECT_THAT(Attempt()({"install", "x"}).err, testing::StartsWith("Error: expected no (non-flag) arguments\n"));
  EXPECT_THAT(Attempt()({"install"}).err, testing::StartsWith("Error: please supply a valid --git-url argument\n"));
  EXPECT_THAT(Attempt()({"install", "--git-url=u"}).err,
              testing::StartsWith("Error: please supply a valid --git-email argument\n"));
}

}  // namespace install_test
}  // namespace flux::cli
