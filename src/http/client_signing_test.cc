#include <fmt/format.h>
#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/test_bounded.h"
#include "http/testing/client_and_server.h"

namespace flux::http {
namespace client_signing_test {

using ::testing::HasSubstr;
using ::testing::Not;

std::string hmac(const std::string& key, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), out.data(), &size);
  return {reinterpret_cast<const char*>(out.data()), size};
}

std::string hex(const std::string& bytes) {
  std::string out;
  for (const unsigned char byte : bytes) out += fmt::format("{:02x}", byte);
  return out;
}

std::string sha256(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), out.data(), &size, EVP_sha256(), nullptr);
  return hex({reinterpret_cast<const char*>(out.data()), size});
}

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const auto from = text.find(begin);
  if (from == std::string::npos) return {};
  return text.substr(from + begin.size(), text.find(end, from) - from - begin.size());
}

/// The signature that a request should have, after Amazon's description of Signature Version 4.
std::string signature(const ServerRequest& request, const std::string& signed_headers, const AwsSigner& signer) {
  std::string canonical = request.method + "\n" + request.path + "\n\n";
  for (std::size_t at = 0; at < signed_headers.size();) {
    const auto end = std::min(signed_headers.find(';', at), signed_headers.size());
    const auto name = signed_headers.substr(at, end - at);
    canonical += name + ":" + request.headers.get(name).value_or("missing") + "\n";
    at = end + 1;
  }
  canonical += "\n" + signed_headers + "\n" + sha256(request.body);
  const auto date = request.headers.get("X-Amz-Date").value_or("");
  const auto day = date.substr(0, 8);
  const auto scope = fmt::format("{}/{}/{}/aws4_request", day, signer.region, signer.service);
  auto key = hmac("AWS4" + signer.key.reveal(), day);
  for (const auto& part : {signer.region, signer.service, std::string("aws4_request")}) key = hmac(key, part);
  return hex(hmac(key, "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + sha256(canonical)));
}

class ClientSigning : public ::testing::Test {
 protected:
  std::mutex mutex;
  std::vector<ServerRequest> seen;  // guarded by mutex
  std::unique_ptr<Server> server = testing::serve([this](const Context&, const ServerRequest& request) {
    const std::lock_guard lock(mutex);
    seen.push_back(request);
    return ServerResponse{200, {}, "ok", {}};
  });
  std::unique_ptr<Client> client = testing::make_client({.user_agent = "test/1"});
};

TEST_F(ClientSigning, IsWhatAmazonDescribes) {
  for (const auto* token : {"", "temporary//token=="}) {
    ClientRequest request;
    request.method = "POST";
    request.url = testing::url_of(*server);
    request.headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"X-Amz-Target", "Some_V1.GetToken"}};
    request.body = R"({"registryIds":["123"]})";
    request.signer = AwsSigner{"eu-west-1", "ecr", "AKID", Secret("k/e+y"), Secret(token)};
    const auto signer = *request.signer;
    const auto answer = client->send(bounded(), std::move(request));
    ASSERT_TRUE(answer) << answer.error().message;

    const std::lock_guard lock(mutex);
    const auto& sent = seen.back();
    const auto header = sent.headers.get("Authorization").value_or("");
    EXPECT_THAT(header, HasSubstr("AWS4-HMAC-SHA256 Credential=AKID/"));
    const auto names = between(header, "SignedHeaders=", ",");
    EXPECT_EQ(names, *token ? "content-type;host;x-amz-date;x-amz-security-token;x-amz-target"
                            : "content-type;host;x-amz-date;x-amz-target");
    EXPECT_EQ(sent.headers.get("X-Amz-Security-Token").value_or(""), token);
    EXPECT_EQ(between(header + "$", "Signature=", "$"), signature(sent, names, signer));
  }
}

TEST_F(ClientSigning, IsNotForOtherServers) {
  const auto first = testing::serve([this](const Context&, const ServerRequest&) {
    return ServerResponse{302, {{"Location", testing::url_of(*server)}}, "", {}};
  });
  ClientRequest request;
  request.url = testing::url_of(*first);
  request.redirects.limit = 1;
  request.signer = AwsSigner{"eu-west-1", "ecr", "AKID", Secret("key"), Secret("token")};
  ASSERT_TRUE(client->send(bounded(), std::move(request)));
  const std::lock_guard lock(mutex);
  EXPECT_EQ(seen.at(0).headers.get("Authorization"), std::nullopt);
  EXPECT_EQ(seen.at(0).headers.get("X-Amz-Security-Token"), std::nullopt);
}

TEST_F(ClientSigning, RefusesATokenWithALineBreak) {
  ClientRequest request;
  request.url = testing::url_of(*server);
  request.signer = AwsSigner{"eu-west-1", "ecr", "AKID", Secret("key"), Secret("to\nken")};
  const auto answer = client->send(bounded(), std::move(request));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, Not(HasSubstr("ken\"")));
}

}  // namespace client_signing_test
}  // namespace flux::http
