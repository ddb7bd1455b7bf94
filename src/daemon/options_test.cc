#include "daemon/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/flags_value.h"
#include "daemon/options_table.h"

namespace flux::daemon {
namespace options_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using Args = std::vector<std::string>;

Invocation read(const Args& args) { return read_command_line(args, "2.0.0", "/root"); }

Options must_read(const Args& args) {
  const auto invocation = read(args);
  if (invocation.exit) ADD_FAILURE() << invocation.exit->err;
  return invocation.options;
}

struct Row {
  const char* name;
  const char* type;
  const char* preset;
  bool deprecated;
};

// compat/daemon.md 1.2.
const std::vector<Row> kContract{
    {"log-format", "string", "\"fmt\"", false},
    {"listen", "string", "\":3030\"", false},
    {"listen-metrics", "string", "", false},
    {"listen-tls-cert", "string", "", false},
    {"listen-tls-key", "string", "", false},
    {"api-token-file", "string", "", false},
    {"webhook-secret-file", "string", "", false},
    {"listen-webhooks", "string", "", false},
    {"healthz-limit", "duration", "0s", false},
    {"kubernetes-kubectl", "string", "", false},
    {"version", "", "", false},
    {"git-url", "string", "", false},
    {"git-branch", "string", "\"master\"", false},
    {"git-path", "strings", "", false},
    {"git-readonly", "", "", false},
    {"git-user", "string", "\"Weave Flux\"", false},
    {"git-email", "string", "\"support@weave.works\"", false},
    {"git-set-author", "", "", false},
    {"git-label", "string", "", false},
    {"git-secret", "", "", false},
    {"sops", "", "", false},
    {"git-sync-tag", "string", "\"flux-sync\"", false},
    {"git-notes-ref", "string", "\"flux\"", false},
    {"git-ci-skip", "", "", false},
    {"git-ci-skip-message", "string", "", false},
    {"git-poll-interval", "duration", "5m0s", false},
    {"git-timeout", "duration", "20s", false},
    {"git-gpg-key-import", "strings", "", false},
    {"git-signing-key", "string", "", false},
    {"git-verify-signatures", "", "", true},
    {"git-verify-signatures-mode", "string", "", false},
    {"sync-interval", "duration", "5m0s", false},
    {"sync-timeout", "duration", "1m0s", false},
    {"sync-garbage-collection", "", "", false},
    {"sync-garbage-collection-dry", "", "", false},
    {"sync-keep-additions", "", "", false},
    {"sync-garbage-collection-max-share", "float", "0.5", false},
    {"sync-state", "string", "\"git\"", false},
    {"memcached-hostname", "string", "\"memcached\"", false},
    {"memcached-port", "int", "11211", false},
    {"memcached-timeout", "duration", "1s", false},
    {"memcached-service", "string", "\"memcached\"", false},
    {"registry-disable-scanning", "", "", false},
    {"automation-interval", "duration", "5m0s", false},
    {"automation-never-downgrade", "", "", false},
    {"registry-poll-interval", "duration", "5m0s", true},
    {"registry-rps", "float", "50", false},
    {"registry-burst", "int", "10", false},
    {"registry-trace", "", "", false},
    {"registry-insecure-host", "strings", "", false},
    {"registry-auth-host", "strings", "", false},
    {"registry-platform", "strings", "[linux/amd64]", false},
    {"registry-exclude-image", "strings", "[k8s.gcr.io/*]", false},
    {"registry-include-image", "strings", "", false},
    {"registry-use-labels", "strings", "[index.docker.io/weaveworks/*,index.docker.io/fluxcd/*]", false},
    {"registry-ecr-region", "strings", "", false},
    {"registry-ecr-include-id", "strings", "", false},
    {"registry-ecr-exclude-id", "strings", "[602401143452,918309763551]", false},
    {"registry-require", "strings", "", false},
    {"k8s-in-cluster", "", "true", true},
    {"k8s-secret-name", "string", "\"flux-git-deploy\"", false},
    {"k8s-secret-volume-mount-path", "string", "\"/etc/fluxd/ssh\"", false},
    {"k8s-secret-data-key", "string", "\"identity\"", false},
    {"k8s-namespace-whitelist", "strings", "", true},
    {"k8s-allow-namespace", "strings", "", false},
    {"k8s-default-namespace", "string", "", false},
    {"k8s-unsafe-exclude-resource", "strings", "[*metrics.k8s.io/*,webhook.certmanager.k8s.io/*,v1/Event]", false},
    {"k8s-verbosity", "int", "", false},
    {"ssh-keygen-bits", "uint", "", false},
    {"ssh-keygen-type", "string", "", false},
    {"ssh-keygen-format", "string", "", false},
    {"ssh-keygen-dir", "string", "", false},
    {"manifest-generation", "", "", false},
    {"connect", "string", "", false},
    {"token", "string", "", false},
    {"rpc-timeout", "duration", "10s", false},
    {"docker-config", "string", "", false},
    {"image-cache-dir", "string", "", false},
    {"registry-cache-expiry", "duration", "0s", true},
    {"kube-config", "string", "", true},
};

TEST(OptionsTest, HasTheFlagsTypesAndDefaultsOfTheContract) {
  Options options;
  const auto table = flags_of(options);
  for (const auto& row : kContract) {
    const auto flag = std::ranges::find(table, row.name, &Flag::name);
    ASSERT_NE(flag, table.end()) << row.name;
    EXPECT_EQ(flag_type_name(flag->field), row.type) << row.name;
    EXPECT_EQ(flag_default_text(flag->field), row.preset) << row.name;
    EXPECT_EQ(!flag->deprecated.empty(), row.deprecated) << row.name;
    EXPECT_EQ(flag->shorthand, std::string_view(row.name) == "listen" ? 'l' : '\0') << row.name;
    EXPECT_FALSE(flag->help.empty()) << row.name;
  }
  EXPECT_EQ(table.size(), kContract.size());
}

TEST(OptionsTest, BindsEachFlagToAFieldOfItsOwn) {
  Options options;
  std::set<const void*> fields;
  for (const auto& flag : flags_of(options))
    EXPECT_TRUE(fields.insert(std::visit([](auto* field) -> const void* { return field; }, flag.field)).second)
        << flag.name;
}

TEST(OptionsTest, ReadsWhatTheChartPasses) {
  const auto options =
      must_read({"--log-format=fmt", "--ssh-keygen-dir=/var/fluxd/keygen", "--ssh-keygen-format=RFC4716",
                 "--k8s-secret-name=flux-git-deploy", "--memcached-hostname=flux-memcached", "--sync-state=git",
                 "--memcached-service=", "--git-url=git@host:a/b", "--git-path=", "--git-readonly=false",
                 "--git-verify-signatures=false", "--registry-rps=200", "--git-poll-interval=1m30s",
                 "--registry-ecr-region=", "-l", ":3031"});
  EXPECT_EQ(options.git.url.reveal(), "git@host:a/b");
  EXPECT_THAT(options.git.paths, IsEmpty());
  EXPECT_TRUE(options.was_given("git-path"));
  EXPECT_FALSE(options.was_given("git-branch"));
  EXPECT_EQ(options.memcached.service, "");
  EXPECT_DOUBLE_EQ(options.registry.rps, 200);
  EXPECT_EQ(options.git.poll_interval, std::chrono::seconds(90));
  EXPECT_EQ(options.registry.ecr_regions, std::vector<std::string>{});
  EXPECT_EQ(options.registry.ecr_include_ids, std::nullopt);
  EXPECT_EQ(options.listen, ":3031");
}

TEST(OptionsTest, FindsTheKubeconfigAtHome) {
  EXPECT_EQ(must_read({}).kubernetes.kube_config, "/root/.kube/config");
  EXPECT_EQ(must_read({"--kube-config="}).kubernetes.kube_config, "");
  EXPECT_EQ(read_command_line({}, "", "").options.kubernetes.kube_config, "");
}

TEST(OptionsTest, IgnoresPositionals) { EXPECT_TRUE(must_read({"a", "--git-readonly", "false"}).git.readonly); }

TEST(OptionsTest, PrintsItsVersionAlone) {
  const auto invocation = read({"--version", "--git-path=/bad"});
  ASSERT_TRUE(invocation.exit);
  EXPECT_EQ(invocation.exit->status, 0);
  EXPECT_EQ(invocation.exit->out, "2.0.0\n");
  EXPECT_EQ(invocation.exit->err, "");
}

TEST(OptionsTest, PrintsHelpWithoutDeprecatedFlags) {
  for (const auto* flag : {"--help", "-h"}) {
    const auto invocation = read({flag, "--nope"});
    ASSERT_TRUE(invocation.exit);
    EXPECT_EQ(invocation.exit->status, 0);
    EXPECT_EQ(invocation.exit->out, "");
    EXPECT_THAT(invocation.exit->err, StartsWith("DESCRIPTION\n  fluxd is the agent of flux.\n\nFLAGS\n"));
    for (const auto& row : kContract) {
      const auto entry = std::string("--") + row.name + (*row.type != 0 ? " " + std::string(row.type) : "") + " ";
      if (row.deprecated)
        EXPECT_THAT(invocation.exit->err, Not(HasSubstr(entry)));
      else
        EXPECT_THAT(invocation.exit->err, HasSubstr(entry));
    }
  }
}

TEST(OptionsTest, RefusesABadCommandLineWithStatus2) {
  const auto invocation = read({"--nope"});
  ASSERT_TRUE(invocation.exit);
  EXPECT_EQ(invocation.exit->status, 2);
  EXPECT_EQ(invocation.exit->out, "");
  EXPECT_THAT(invocation.exit->err, StartsWith("Error: unknown flag: --nope\n\nDESCRIPTION\n"));
}

TEST(OptionsTest, NamesWhatToUseInPlaceOfDeprecatedFlags) {
  const auto invocation = read({"--git-verify-signatures", "--registry-poll-interval=1m", "--registry-cache-expiry=1h",
                                "--k8s-in-cluster=false", "--k8s-namespace-whitelist=a", "--kube-config=x"});
  EXPECT_FALSE(invocation.exit);
  EXPECT_THAT(invocation.notices,
              ElementsAre("Flag --git-verify-signatures has been deprecated, Changed to --git-verify-signatures-mode, "
                          "use that instead",
                          "Flag --registry-poll-interval has been deprecated, Changed to --automation-interval, use "
                          "that instead",
                          "Flag --registry-cache-expiry has been deprecated, No longer used; cache entries are expired "
                          "adaptively according to how often they change",
                          "Flag --k8s-in-cluster has been deprecated, No longer used",
                          "Flag --k8s-namespace-whitelist has been deprecated, Changed to --k8s-allow-namespace, use "
                          "that instead",
                          "Flag --kube-config has been deprecated, Please use the KUBECONFIG environment variable "
                          "instead"));
}

TEST(OptionsTest, PrintsNoSecret) {
  for (const Args& args : {Args{"--git-url=https://me:hunter2@host/r", "--token=hunter2", "--help"},
                           Args{"--git-url=https://me:hunter2@host/r", "--nope"},
                           Args{"--git-timeout", "--token=hunter2"}, Args{"-git-url=https://me:hunter2@host/r"}}) {
    const auto invocation = read(args);
    ASSERT_TRUE(invocation.exit);
    EXPECT_THAT(invocation.exit->err, Not(HasSubstr("hunter2")));
  }
}

}  // namespace options_test
}  // namespace flux::daemon
