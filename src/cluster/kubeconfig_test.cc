#include "cluster/kubeconfig.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/test_bounded.h"
#include "base/test_temp_dir.h"
#include "cluster/credentials.h"

namespace flux::cluster {
namespace kubeconfig_test {

namespace fs = std::filesystem;

class Kubeconfigs : public ::testing::Test {
 protected:
  void SetUp() override { sources_.service_account = dir_ / "none"; }

  std::string write(const std::string& name, const std::string& text) {
    const auto path = dir_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }
  void in_pod() {
    sources_.service_account = dir_ / "sa";
    sources_.service_host = "10.0.0.1";
    sources_.service_port = "443";
    write("sa/token", "pod-token\n");
    write("sa/ca.crt", "CA");
    write("sa/namespace", "flux");
  }

  const TempDir temp_;
  const fs::path dir_ = temp_.path();
  ConfigSources sources_;
};

constexpr const char* kWhole = R"(
apiVersion: v1
kind: Config
current-context: b
contexts:
- name: a
  context: {cluster: a, user: a}
- name: b
  context: {cluster: b, user: b, namespace: shop}
clusters:
- name: a
  cluster: {server: https://a}
- name: b
  cluster:
    server: https://b:6443/
    certificate-authority-data: Q0EgUEVN
    tls-server-name: inner
    proxy-url: http://proxy:3128
users:
- name: a
- name: b
  user:
    client-certificate: pki/b.crt
    client-key-data: S0VZ
)";

TEST_F(Kubeconfigs, resolve_the_current_context) {
  sources_.explicit_file = write("x/config", kWhole);
  const auto config = load_config(sources_);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server, "https://b:6443");
  EXPECT_EQ(config->ca.text, Secret("CA PEM"));
  EXPECT_EQ(config->tls_server_name, "inner");
  EXPECT_EQ(config->proxy, "http://proxy:3128");
  EXPECT_EQ(config->client_cert.file, dir_ / "x/pki/b.crt");
  EXPECT_EQ(config->client_key.text, Secret("KEY"));
  EXPECT_EQ(config->ns, "shop");
  EXPECT_EQ(config->source, sources_.explicit_file);
}

TEST_F(Kubeconfigs, merge_with_the_first_to_name_an_entry_winning) {
  const auto first = write("1/config", R"(
users: [{name: b, user: {tokenFile: token}}]
contexts: [{name: b, context: {cluster: b, user: b, namespace: first}}]
)");
  const auto second = write("2/config", kWhole);
  sources_.kubeconfig = first + ":" + (dir_ / "missing").string() + "::" + second;
  sources_.default_file = write("default", "current-context: never-read");
  const auto config = load_config(sources_);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server, "https://b:6443");
  EXPECT_EQ(config->ns, "first");
  EXPECT_EQ(config->token.file, dir_ / "1/token");
  EXPECT_TRUE(config->client_cert.empty());
  EXPECT_EQ(context_namespace(sources_), "first");
}

TEST_F(Kubeconfigs, without_a_cluster_lead_to_the_pods_account_and_keep_the_namespace) {
  in_pod();
  sources_.default_file =
      write("config", "contexts: [{name: default, context: {namespace: team}}]\ncurrent-context: default");
  const auto config = load_config(sources_);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server, "https://10.0.0.1:443");
  EXPECT_EQ(config->token.file, dir_ / "sa/token");
  EXPECT_EQ(config->ca.file, dir_ / "sa/ca.crt");
  EXPECT_EQ(config->ns, "team");
  EXPECT_EQ(config->pod_ns, "flux");
  EXPECT_EQ(config->source, "in-cluster");
}

TEST_F(Kubeconfigs, make_no_pod_of_a_machine_where_its_files_are_left_over) {
  in_pod();
  sources_.service_host.clear();
  sources_.kubeconfig = write("config", kWhole);
  const auto config = load_config(sources_);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->pod_ns, "");
}

TEST_F(Kubeconfigs, that_are_missing_or_empty_lead_to_the_pods_account) {
  in_pod();
  sources_.service_host = "fd00::1";
  sources_.default_file = (dir_ / "missing").string();
  EXPECT_EQ(load_config(sources_)->server, "https://[fd00::1]:443");
  sources_.default_file = write("empty", "");
  EXPECT_EQ(load_config(sources_)->source, "in-cluster");
}

TEST_F(Kubeconfigs, that_are_wrong_are_user_errors) {
  const struct {
    const char* text;
    const char* tells;
  } rows[] = {
      {"clusters: [{name: a, cluster: {server: x}}]", "no current-context"},
      {"current-context: z\nclusters: [{name: a, cluster: {server: x}}]", "\"z\" does not exist"},
      {"current-context: a\ncontexts: [{name: a, context: {cluster: b}}]\nclusters: [{name: a}]", "cluster \"b\""},
      {"current-context: a\ncontexts: [{name: a, context: {cluster: a, user: u}}]\nclusters: [{name: a, cluster: "
       "{server: x}}]",
       "user \"u\""},
      {"current-context: a\ncontexts: [{name: a, context: {cluster: a}}]\nclusters: [{name: a}]", "no server"},
      {"clusters: 5", "not a list"},
      {"clusters: [{cluster: {}}]", "no name"},
      {"- a", "not a mapping"},
      {"a: [", "yaml"},
  };
  for (const auto& row : rows) {
    sources_.explicit_file = write("config", row.text);
    const auto config = load_config(sources_);
    ASSERT_FALSE(config) << row.text;
    EXPECT_EQ(config.error().kind, ErrorKind::user);
    EXPECT_NE(config.error().message.find(row.tells), std::string::npos) << config.error().message;
    EXPECT_NE(config.error().message.find(sources_.explicit_file), std::string::npos) << config.error().message;
  }
  sources_.explicit_file = (dir_ / "missing").string();
  EXPECT_FALSE(load_config(sources_));
  sources_.explicit_file.clear();
  EXPECT_FALSE(load_config(sources_));
}

std::string with_user(const std::string& user) {
  return "current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\nclusters: [{name: a, cluster: "
         "{server: \"https://a\"}}]\nusers:\n- name: a\n  user: " +
         user;
}

TEST_F(Kubeconfigs, give_each_kind_of_credentials) {
  write("token", "from-file\n");
  const struct {
    const char* user;
    const char* authorization;
  } rows[] = {
      {"{token: abc}", "Bearer abc"},
      {"{tokenFile: token, token: abc}", "Bearer from-file"},
      {"{username: me, password: secret}", "Basic bWU6c2VjcmV0"},
      {"{username: 1234, password: secret}", "Basic MTIzNDpzZWNyZXQ="},
      {"{}", ""},
  };
  for (const auto& row : rows) {
    sources_.explicit_file = write("config", with_user(row.user));
    const auto config = load_config(sources_);
    ASSERT_TRUE(config) << config.error().message;
    Credentials credentials(*config);
    const auto identity = credentials.current(bounded());
    ASSERT_TRUE(identity) << identity.error().message;
    EXPECT_EQ(identity->authorization, Secret(row.authorization)) << row.user;
  }
}

TEST_F(Kubeconfigs, never_show_what_they_hold) {
  sources_.explicit_file = write("config", with_user("{client-key-data: '!s3cret!'}"));
  const auto config = load_config(sources_);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message.find("s3cret"), std::string::npos);
}

TEST_F(Kubeconfigs, read_exec_plugins_relative_to_the_file) {
  sources_.explicit_file = write("x/config", with_user(R"(
      exec:
        apiVersion: client.authentication.k8s.io/v1
        command: ./bin/login
        args: [--cluster, a]
        env: [{name: PROFILE, value: prod}]
        installHint: get it
        provideClusterInfo: true
        interactiveMode: IfAvailable)"));
  const auto config = load_config(sources_);
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_TRUE(config->exec);
  EXPECT_EQ(config->exec->command, (dir_ / "x/bin/login").string());
  EXPECT_EQ(config->exec->args, (std::vector<std::string>{"--cluster", "a"}));
  EXPECT_EQ(config->exec->env.at(0).second, Secret("prod"));
  for (const auto* bad :
       {"{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}",
        "{exec: {apiVersion: client.authentication.k8s.io/v1}}", "{auth-provider: {name: gcp}}",
        "{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}}"}) {
    sources_.explicit_file = write("config", with_user(bad));
    EXPECT_FALSE(load_config(sources_)) << bad;
  }
}

TEST_F(Kubeconfigs, let_plugins_ask_only_where_somebody_is_there) {
  const struct {
    const char* mode;
    bool has_terminal;
    std::optional<bool> interactive;  ///< nothing: refused
  } cases[] = {{"Always", true, true},        {"Always", false, std::nullopt}, {"IfAvailable", true, true},
               {"IfAvailable", false, false}, {"Never", true, false},          {"", true, true}};
  for (const auto& [mode, has_terminal, interactive] : cases) {
    const auto exec =
        std::string("{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: '");
    sources_.explicit_file = write("config", with_user(exec + mode + "'}}"));
    sources_.has_terminal = has_terminal;
    const auto config = load_config(sources_);
    EXPECT_EQ(config ? std::optional(config->exec->interactive) : std::nullopt, interactive) << mode << has_terminal;
  }
}

TEST_F(Kubeconfigs, token_files_are_read_again_when_refused) {
  in_pod();
  const auto config = load_config(sources_);
  ASSERT_TRUE(config);
  Credentials credentials(*config);
  const auto first = credentials.current(bounded())->authorization;
  write("sa/token", "rotated");
  EXPECT_EQ(credentials.current(bounded())->authorization, first);
  credentials.forget(Secret("Bearer something-else"));
  EXPECT_EQ(credentials.current(bounded())->authorization, first);
  credentials.forget(first);
  EXPECT_EQ(credentials.current(bounded())->authorization, Secret("Bearer rotated"));
}

TEST_F(Kubeconfigs, a_missing_token_file_is_a_user_error_that_names_it) {
  in_pod();
  const auto config = load_config(sources_);
  fs::remove(dir_ / "sa/token");
  Credentials credentials(*config);
  const auto identity = credentials.current(bounded());
  ASSERT_FALSE(identity);
  EXPECT_NE(identity.error().message.find("sa/token"), std::string::npos);
}

TEST_F(Kubeconfigs, a_directory_is_a_user_error_that_names_it) {
  sources_.explicit_file = dir_;
  const auto config = load_config(sources_);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().kind, ErrorKind::user);
  EXPECT_EQ(config.error().message, "kubeconfig: cannot read " + dir_.string() + ": Is a directory");
}

TEST_F(Kubeconfigs, another_context_can_be_asked_for) {
  sources_.explicit_file = write("config", kWhole);
  sources_.context = "a";
  const auto config = load_config(sources_);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server, "https://a");
  EXPECT_EQ(context_namespace(sources_), "");
  sources_.context = "b";
  EXPECT_EQ(context_namespace(sources_), "shop");
  sources_.context = "c";
  const auto unknown = load_config(sources_);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::user);
  EXPECT_NE(unknown.error().message.find("context \"c\" does not exist"), std::string::npos);
  EXPECT_EQ(context_namespace(sources_), "");
}

TEST_F(Kubeconfigs, a_context_that_is_asked_for_is_not_replaced_by_the_pods_account) {
  in_pod();
  sources_.context = "a";
  EXPECT_FALSE(load_config(sources_));
}

TEST_F(Kubeconfigs, users_can_act_as_somebody_else) {
  sources_.explicit_file = write("config", R"(
current-context: c
contexts: [{name: c, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: https://c}}]
users: [{name: u, user: {token: t, as: ann, as-uid: 7, as-groups: [dev, ops], as-user-extra: {example.org/why: [test]}}}]
)");
  const auto config = load_config(sources_);
  ASSERT_TRUE(config) << config.error().message;
  using Headers = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(config->impersonate, (Headers{{"Impersonate-User", "ann"},
                                          {"Impersonate-Uid", "7"},
                                          {"Impersonate-Group", "dev"},
                                          {"Impersonate-Group", "ops"},
                                          {"Impersonate-Extra-example.org%2Fwhy", "test"}}));
}

}  // namespace kubeconfig_test
}  // namespace flux::cluster
