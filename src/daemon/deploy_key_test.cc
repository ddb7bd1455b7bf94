#include "daemon/deploy_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/base64.h"
#include "base/json.h"
#include "base/process.h"
#include "base/test_bounded.h"
#include "base/test_temp_dir.h"
#include "cluster/scripted_transport.h"

namespace flux::daemon {
namespace deploy_key_test {

namespace fs = std::filesystem;
using cluster::respond;
using ::testing::HasSubstr;
using ::testing::Not;

std::string content(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

unsigned mode_of(const fs::path& file) {
  struct stat found{};
  return ::stat(file.c_str(), &found) == 0 ? found.st_mode & 0777U : 0U;
}

class Lines : public LogSink {
 public:
  void write(std::string_view line) override { text.append(line).append("\n"); }
  std::string text;
};

/// A pod's directories, and a secret in an API server played by a script.
class DeployKeyTest : public ::testing::Test {
 protected:
  DeployKeyTest() {
    for (const auto* each : {"mount", "keygen", "tmp"}) fs::create_directory(dir_ / each);
    transport_ = std::make_shared<cluster::ScriptedTransport>(
        [this](const http::ClientRequest& request) { return answer(request); });
    client_ = cluster::scripted_client(transport_);
    options_.mount_path = dir_ / "mount";
    options_.keygen_dir = dir_ / "keygen";
    options_.temp_dir = dir_ / "tmp";
    options_.keygen.type = "ed25519";
    options_.ns = "flux";
  }

  cluster::ScriptedTransport::Answer answer(const http::ClientRequest& request) {
    if (request.method == "GET") return respond(read_status_, dump_json(secret_));
    if (patch_status_ < 400) secret_.merge_patch(parse_sorted_json(request.body).value());
    return respond(patch_status_, R"({"kind":"Status","message":"not today"})");
  }

  Result<std::unique_ptr<DeployKey>> load() { return DeployKey::load(ctx_, options_, *client_); }

  /// A key in a file, as a volume has it.
  std::string make_key(const fs::path& file, unsigned mode) {
    EXPECT_TRUE(git::generate_ssh_key(bounded(), file, {std::nullopt, "ed25519", ""}));
    ::chmod(file.c_str(), mode);
    return content(file);
  }

  std::string stored(const std::string& key) {
    const auto value = secret_["data"].value(key, "");
    return decode_base64(value).value_or("");
  }

  std::vector<std::string> methods() {
    std::vector<std::string> all;
    for (const auto& request : transport_->requests()) all.push_back(request.method);
    return all;
  }

  const TempDir temp_;
  const fs::path dir_ = temp_.path();
  SortedJson secret_ = {{"metadata", {{"name", "flux-git-deploy"}}}};
  int read_status_ = 200;
  int patch_status_ = 200;
  std::shared_ptr<cluster::ScriptedTransport> transport_;
  std::unique_ptr<cluster::Client> client_;
  DeployKeyOptions options_;
  std::shared_ptr<Lines> lines_ = std::make_shared<Lines>();
  Bounded ctx_ = bounded().with_log(Log(lines_, LogFormat::logfmt));
};

TEST_F(DeployKeyTest, a_mounted_key_is_used_as_it_is) {
  const auto text = make_key(dir_ / "mount/identity", 0400);
  const auto key = load();
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(content((*key)->identity_file()), text);
  EXPECT_EQ(fs::canonical((*key)->identity_file()), fs::canonical(dir_ / "mount/identity"));
  EXPECT_EQ((*key)->public_key().text, content(dir_ / "mount/identity.pub"));
  EXPECT_TRUE(methods().empty());
  EXPECT_THAT(lines_->text, HasSubstr("identity.pub=\"ssh-ed25519 "));
  EXPECT_THAT(lines_->text, Not(HasSubstr("PRIVATE")));
}

TEST_F(DeployKeyTest, a_mounted_key_that_others_may_read_is_made_private) {
  make_key(dir_ / "mount/identity", 0644);
  const auto key = load();
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(mode_of((*key)->identity_file()), 0400U);
}

TEST_F(DeployKeyTest, a_key_is_made_and_stored_when_there_is_none) {
  const auto key = load();
  ASSERT_TRUE(key) << key.error().message;
  const auto text = content((*key)->identity_file());
  EXPECT_THAT(text, HasSubstr("OPENSSH PRIVATE KEY"));
  EXPECT_EQ(mode_of((*key)->identity_file()) & 077U, 0U);
  EXPECT_EQ(stored("identity"), text);
  EXPECT_EQ(stored("identity.pub"), (*key)->public_key().text);
  EXPECT_EQ(content(dir_ / "keygen/identity"), text) << "the image's ssh configuration looks there";
}

TEST_F(DeployKeyTest, the_key_that_the_secret_holds_already_is_not_replaced) {
  const auto text = make_key(dir_ / "elsewhere", 0600);
  secret_["data"] = {{"identity", encode_base64(text)}};
  const auto key = load();
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(content((*key)->identity_file()), text);
  EXPECT_EQ(mode_of((*key)->identity_file()), 0400U);
  EXPECT_THAT(methods(), ::testing::ElementsAre("GET"));
}

TEST_F(DeployKeyTest, a_secret_that_may_be_written_but_not_read_gets_a_new_key) {
  read_status_ = 403;
  const auto key = load();
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(stored("identity"), content((*key)->identity_file()));
}

TEST_F(DeployKeyTest, a_new_key_takes_the_place_of_the_old_one_everywhere) {
  options_.data_key = "id_custom";
  make_key(dir_ / "mount/id_custom", 0400);
  const auto key = load();
  ASSERT_TRUE(key) << key.error().message;
  const auto before = (*key)->public_key();
  const auto path = (*key)->identity_file();
  for (int round = 0; round < 2; ++round) {
    const auto fresh = (*key)->regenerate(ctx_);
    ASSERT_TRUE(fresh) << fresh.error().message;
    EXPECT_NE(fresh->text, before.text);
    EXPECT_EQ((*key)->public_key().text, fresh->text);
    EXPECT_EQ((*key)->identity_file(), path);
    EXPECT_EQ(stored("id_custom"), content(path));
    EXPECT_EQ(stored("id_custom.pub"), fresh->text);
    EXPECT_EQ(content(dir_ / "keygen/id_custom"), content(path));
  }
  const auto left = std::distance(fs::directory_iterator(dir_ / "keygen"), {});
  EXPECT_EQ(left, 2) << "the link and what it leads to; earlier keys are gone";
}

TEST_F(DeployKeyTest, the_old_key_stays_when_the_new_one_cannot_be_stored) {
  const auto text = make_key(dir_ / "mount/identity", 0400);
  const auto key = load();
  ASSERT_TRUE(key);
  const auto before = (*key)->public_key().text;
  patch_status_ = 403;
  const auto fresh = (*key)->regenerate(ctx_);
  ASSERT_FALSE(fresh);
  EXPECT_THAT(fresh.error().message, HasSubstr("not today"));
  EXPECT_EQ((*key)->public_key().text, before);
  EXPECT_EQ(content((*key)->identity_file()), text);
  EXPECT_TRUE(fs::is_empty(dir_ / "keygen"));
}

TEST_F(DeployKeyTest, a_directory_that_cannot_be_written_is_named_with_its_flag) {
  options_.keygen_dir = dir_ / "absent";
  const auto key = load();
  ASSERT_FALSE(key);
  EXPECT_THAT(key.error().message, HasSubstr((dir_ / "absent").string()));
  EXPECT_THAT(key.error().help, HasSubstr("--ssh-keygen-dir"));
  EXPECT_THAT(methods(), Not(::testing::Contains("PATCH")));
}

TEST_F(DeployKeyTest, a_mounted_file_that_is_no_key_is_an_error) {
  std::ofstream(dir_ / "mount/identity") << "hunter2\n";
  const auto key = load();
  ASSERT_FALSE(key);
  EXPECT_THAT(key.error().message, HasSubstr((dir_ / "mount/identity").string()));
  EXPECT_THAT(key.error().message, Not(HasSubstr("hunter2")));
}

TEST_F(DeployKeyTest, nothing_private_is_left_behind) {
  secret_["data"] = {{"identity", encode_base64(make_key(dir_ / "elsewhere", 0600))}};
  {
    ASSERT_TRUE(load());
  }
  EXPECT_TRUE(fs::is_empty(dir_ / "tmp"));
}

TEST(WantsDeployKey, in_a_cluster_unless_git_is_reached_over_http) {
  const auto here = fs::temp_directory_path();
  const struct {
    std::string url;
    fs::path mark;
    bool wanted;
  } rows[] = {
      {"git@host:org/repo", here, true},         {"ssh://git@host/repo", here, true}, {"", here, true},
      {"https://host/repo", here, false},        {"HTTP://host/repo", here, false},   {"/srv/repo", here, true},
      {"git@host:org/repo", here / "no", false},
  };
  for (const auto& row : rows) {
    std::optional<git::Url> url;
    if (!row.url.empty()) url = *git::Url::parse(row.url);
    EXPECT_EQ(wants_deploy_key(url, row.mark), row.wanted) << row.url;
  }
}

}  // namespace deploy_key_test
}  // namespace flux::daemon
