#include "cluster/exec_plugin.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/test_bounded.h"
#include "base/test_temp_dir.h"
#include "base/timestamp.h"
#include "cluster/credentials.h"

namespace flux::cluster {
namespace exec_plugin_test {

constexpr const char* kV1 = "client.authentication.k8s.io/v1";

ExecPlugin shell(const std::string& script) {
  ExecPlugin plugin;
  plugin.api_version = kV1;
  plugin.command = "/bin/sh";
  plugin.args = {"-c", script};
  plugin.install_hint = "install it so";
  return plugin;
}

std::string credential(const std::string& status) {
  return R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":)" + status + "}";
}

TEST(ExecPlugin, sees_its_variables_and_the_request) {
  auto plugin = shell(
      R"(case "$KUBERNETES_EXEC_INFO" in *'"server":"https://a"'*) ;; *) exit 9 ;; esac
         printf '{"apiVersion":"%s","status":{"token":"%s"}}' client.authentication.k8s.io/v1 "$PROFILE-$PATH")");
  plugin.env = {{"PROFILE", Secret("prod")}};
  plugin.provide_cluster_info = true;
  Config config;
  config.server = "https://a";
  const auto got = run_exec_plugin(bounded(), plugin, config);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->token.reveal(), std::string("prod-") + std::getenv("PATH"));
  EXPECT_FALSE(got->expires);
}

TEST(ExecPlugin, failures_quote_the_plugin_but_no_secret_and_hint_at_installing) {
  auto plugin = shell("echo \"no session for $KEY\" >&2; exit 3");
  plugin.env = {{"KEY", Secret("hunter2")}};
  const auto failed = run_exec_plugin(bounded(), plugin, {});
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("exit status 3: no session for <redacted>"), std::string::npos)
      << failed.error().message;
  EXPECT_EQ(failed.error().help, "install it so");
  plugin.command = "/no/such/plugin";
  const auto missing = run_exec_plugin(bounded(), plugin, {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().help, "install it so");
}

TEST(ExecPlugin, end_of_the_context_ends_it) {
  const auto ended = run_exec_plugin(Context{}.with_timeout(std::chrono::milliseconds(50)), shell("sleep 60"), {});
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind, ErrorKind::cancelled);
}

TEST(DecodeExecCredential, accepts_and_refuses) {
  const auto plugin = shell("");
  const auto whole = decode_exec_credential(
      credential(
          R"({"token":"t","clientCertificateData":"C","clientKeyData":"K","expirationTimestamp":"2030-01-02T03:04:05Z"})"),
      plugin);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->token, Secret("t"));
  EXPECT_EQ(whole->cert_pem, Secret("C"));
  EXPECT_EQ(whole->expires, parse_timestamp("2030-01-02T03:04:05Z"));
  const auto never =
      decode_exec_credential(credential(R"({"token":"t","expirationTimestamp":"9996-02-29T23:59:59Z"})"), plugin);
  ASSERT_TRUE(never);
  EXPECT_EQ(never->expires, parse_timestamp("2260-02-29T23:59:59Z"));
  const auto unset =
      decode_exec_credential(credential(R"({"token":"t","expirationTimestamp":"0001-01-01T00:00:00Z"})"), plugin);
  ASSERT_TRUE(unset);
  EXPECT_EQ(unset->expires, std::nullopt);
  for (const auto& bad :
       {std::string("oops s3cret"), credential("{}"), credential("null"),
        credential(R"({"clientCertificateData":"C"})"),
        credential(R"({"token":"s3cret","expirationTimestamp":"tomorrow"})"),
        std::string(R"({"apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"s3cret"}})")}) {
    const auto got = decode_exec_credential(bad, plugin);
    ASSERT_FALSE(got) << bad;
    EXPECT_EQ(got.error().message.find("s3cret"), std::string::npos);
  }
}

/// A plugin that counts its runs in a file.
class CountingPlugin : public testing::Test {
 protected:
  Config config(const std::string& then) {
    Config config;
    config.exec = shell("echo run >>" + (dir_ / "runs").string() + "; " + then);
    return config;
  }
  std::size_t runs() {
    std::ifstream in(dir_ / "runs");
    std::size_t lines = 0;
    for (std::string line; std::getline(in, line);) ++lines;
    return lines;
  }
  const TempDir temp_;
  const std::filesystem::path dir_ = temp_.path();
};

TEST_F(CountingPlugin, runs_once_until_what_it_gave_expires) {
  const auto lasting =
      config("echo '" + credential(R"({"token":"a","expirationTimestamp":"2999-01-01T00:00:00Z"})") + "'");
  Credentials credentials(lasting);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(credentials.current(bounded())->authorization, Secret("Bearer a"));
  credentials.forget(Secret("Bearer a"));  // too soon after the last run
  EXPECT_TRUE(credentials.current(bounded()));
  EXPECT_EQ(runs(), 1U);
}

TEST_F(CountingPlugin, runs_again_after_expiry) {
  const auto expired =
      config("echo '" + credential(R"({"token":"a","expirationTimestamp":"2001-01-01T00:00:00Z"})") + "'");
  Credentials credentials(expired);
  EXPECT_TRUE(credentials.current(bounded()));
  EXPECT_TRUE(credentials.current(bounded()));
  EXPECT_EQ(runs(), 2U);
}

TEST_F(CountingPlugin, that_hangs_keeps_nobody_for_longer_than_they_want) {
  const auto hanging = config("sleep 60");
  Credentials credentials(hanging);
  std::jthread first([&](const std::stop_token& stop) {
    const auto ended = credentials.current(Context(stop).with_timeout(std::chrono::minutes(1)));
    EXPECT_EQ(ended.error().kind, ErrorKind::cancelled);
  });
  while (runs() == 0) std::this_thread::yield();
  const auto second = credentials.current(Context{}.with_timeout(std::chrono::milliseconds(1)));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, "waiting for the credentials to be read: context deadline exceeded");
  EXPECT_EQ(runs(), 1U);
}

TEST_F(CountingPlugin, that_fails_is_left_alone_for_a_while) {
  const auto failing = config("exit 1");
  Credentials credentials(failing);
  EXPECT_FALSE(credentials.current(bounded()));
  EXPECT_FALSE(credentials.current(bounded()));
  EXPECT_EQ(runs(), 1U);
}

}  // namespace exec_plugin_test
}  // namespace flux::cluster
