#include "daemon/listener_files.h"

#include <gmock/gmock.h>

#include <fstream>

#include "base/process.h"
#include "base/read_file.h"
#include "base/test_bounded.h"
#include "base/test_temp_dir.h"

namespace flux::daemon {
namespace listener_files_test {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct ListenerFilesTest : ::testing::Test {
  /// As kubelet does: a new file in the place of the old one.
  void put(const std::string& name, const std::string& text) const {
    std::ofstream(dir / "next") << text;
    fs::rename(dir / "next", dir / name);
  }
  [[nodiscard]] Result<std::unique_ptr<ApiToken>> open_token() const { return open_api_token(dir / "token", Log()); }
  [[nodiscard]] Result<std::unique_ptr<ServerCertificate>> open_certificate() const {
    return open_server_certificate(dir / "tls.crt", dir / "tls.key", Log());
  }

  /// A certificate and its key.
  [[nodiscard]] std::pair<std::string, std::string> issue(const std::string& name) const {
    const auto certificate = (dir / "issued.crt").string();
    const auto key = (dir / "issued.key").string();
    const auto made = flux::run(bounded(), {{"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj",
                                             "/CN=" + name, "-keyout", key, "-out", certificate},
                                            inherit({"PATH", "HOME"}),
                                            {},
                                            {}});
    EXPECT_TRUE(made && made->status == 0);
    return {read_file(certificate).value(), read_file(key).value()};
  }

  const TempDir temp;
  const fs::path dir = temp.path();
};

TEST_F(ListenerFilesTest, TheTokenIsTheFirstLine) {
  for (const auto* text : {"s3cret", "s3cret\n", " s3cret \r\nmore\n"}) {
    put("token", text);
    const auto token = open_token();
    ASSERT_TRUE(token) << token.error().message;
    EXPECT_EQ((*token)->current(), Secret("s3cret"));
  }
}

TEST_F(ListenerFilesTest, TheTokenFollowsItsFile) {
  put("token", "one");
  const auto token = open_token();
  ASSERT_TRUE(token);
  EXPECT_EQ((*token)->current(), Secret("one"));
  put("token", "two");
  EXPECT_EQ((*token)->current(), Secret("two"));
  put("token", "");
  EXPECT_EQ((*token)->current(), Secret("two")) << "an empty file must not let everybody in";
  fs::remove(dir / "token");
  EXPECT_EQ((*token)->current(), Secret("two"));
  put("token", "three");
  EXPECT_EQ((*token)->current(), Secret("three"));
}

TEST_F(ListenerFilesTest, TheTokenHasToBeThereAtTheStart) {
  EXPECT_THAT(open_token().error().message, HasSubstr("--api-token-file: cannot read"));
  put("token", "\n");
  const auto token = open_token();
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind, ErrorKind::user);
}

TEST_F(ListenerFilesTest, TheWebhookSecretIsTheFirstLineToo) {
  EXPECT_THAT(open_webhook_secret(dir / "secret", Log()).error().message,
              HasSubstr("--webhook-secret-file: cannot read"));
  put("secret", " \n");
  EXPECT_THAT(open_webhook_secret(dir / "secret", Log()).error().message, HasSubstr("there is no webhook secret"));
  put("secret", "one\n");
  const auto secret = open_webhook_secret(dir / "secret", Log());
  ASSERT_TRUE(secret);
  EXPECT_EQ((*secret)->current(), Secret("one"));
  put("secret", "two\n");
  EXPECT_EQ((*secret)->current(), Secret("two"));
}

TEST_F(ListenerFilesTest, TheCertificateFollowsItsFiles) {
  const auto first = issue("first");
  const auto second = issue("second");
  put("tls.crt", first.first);
  put("tls.key", first.second);
  const auto certificate = open_certificate();
  ASSERT_TRUE(certificate) << certificate.error().message;
  const auto before = (*certificate)->current();
  EXPECT_EQ((*certificate)->current().context(), before.context());

  put("tls.crt", second.first);
  EXPECT_EQ((*certificate)->current().context(), before.context()) << "the key is still that of the first";
  put("tls.key", second.second);
  EXPECT_NE((*certificate)->current().context(), before.context());
}

TEST_F(ListenerFilesTest, AnUnusableCertificateNamesItsFiles) {
  put("tls.crt", "nonsense");
  EXPECT_THAT(open_certificate().error().message, HasSubstr("--listen-tls-key: cannot read"));
  put("tls.key", "nonsense");
  const auto certificate = open_certificate();
  ASSERT_FALSE(certificate);
  EXPECT_EQ(certificate.error().kind, ErrorKind::user);
  EXPECT_THAT(certificate.error().message, HasSubstr((dir / "tls.crt").string()));
}

}  // namespace listener_files_test
}  // namespace flux::daemon
