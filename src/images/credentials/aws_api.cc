#include "images/credentials/aws_api.h"

#include <fmt/format.h>

#include <utility>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/json.h"
#include "http/url.h"
#include "images/credentials/json_text.h"

namespace flux::images {
namespace {

constexpr Duration kCallTimeout = std::chrono::seconds(15);
constexpr std::size_t kMaxApiAnswer = std::size_t{1} << 20;
constexpr std::size_t kMaxQuoted = 300;

std::string upper(std::string text) {
  for (auto& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

/// The text of the first element of that name. Keys and times need no more of XML.
std::string element(const std::string& xml, const std::string& name) {
  const auto begin = xml.find("<" + name + ">");
  if (begin == std::string::npos) return {};
  const auto from = begin + name.size() + 2;
  const auto end = xml.find("</" + name + ">", from);
  return end == std::string::npos ? std::string() : xml.substr(from, end - from);
}

/// What Amazon says of a failure.
std::string reason(const http::ClientResponse& answer) {
  std::string type;
  std::string message;
  if (const auto json = parse_json(answer.body)) {
    type = text_at(*json, "__type");
    message = text_at(*json, "message").empty() ? text_at(*json, "Message") : text_at(*json, "message");
  } else {
    type = element(answer.body, "Code");
    message = element(answer.body, "Message");
  }
  auto text = fmt::format("HTTP {}", answer.status);
  if (!type.empty()) text += " " + type.substr(type.rfind('#') == std::string::npos ? 0 : type.rfind('#') + 1);
  if (!message.empty()) text += ": " + message.substr(0, kMaxQuoted);
  return text;
}

Result<http::ClientResponse> call(const Bounded& ctx, const SendRequest& send, http::ClientRequest request,
                                  const std::string& what, const std::vector<Secret>& secrets) {
  request.max_body = kMaxApiAnswer;
  auto answer = send(ctx.with_timeout(kCallTimeout), std::move(request));
  if (!answer) return wrap(answer.error(), what);
  if (answer->status >= 400)
    return fail(ErrorKind::server, fmt::format("{}: {}", what, scrub(reason(*answer), secrets)),
                "Check the rights of the role or user that fluxd has at AWS.");
  return answer;
}

}  // namespace

std::string aws_endpoint(const Environment& env, const std::string& service, const std::string& region) {
  for (const auto& variable : {"AWS_ENDPOINT_URL_" + upper(service), std::string("AWS_ENDPOINT_URL")}) {
    auto url = env(variable);
    while (url.ends_with('/')) url.pop_back();
    if (!url.empty()) return url;
  }
  const auto* domain = region.starts_with("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return fmt::format("https://{}.{}.{}", service == "ecr" ? "api.ecr" : service, region, domain);
}

Result<AwsKeys> assume_role(const Bounded& ctx, const SendRequest& send, const Environment& env, const AwsRole& role) {
  const bool web = !role.web_identity.empty();
  http::ClientRequest request;
  request.method = "POST";
  request.url = aws_endpoint(env, "sts", role.region) + "/";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = fmt::format("Action={}&Version=2011-06-15&RoleArn={}&RoleSessionName={}",
                             web ? "AssumeRoleWithWebIdentity" : "AssumeRole", http::encode_query(role.arn),
                             http::encode_query(role.session_name));
  std::vector<Secret> secrets{role.web_identity};
  if (web) request.body += "&WebIdentityToken=" + http::encode_query(role.web_identity.reveal());
  if (!role.external_id.empty()) request.body += "&ExternalId=" + http::encode_query(role.external_id);
  if (!web && role.by) {
    request.signer = http::AwsSigner{role.region, "sts", role.by->id, role.by->secret, role.by->token};
    secrets.insert(secrets.end(), {role.by->secret, role.by->token});
  }
  const auto what = "taking on the AWS role " + role.arn;
  auto answer = call(ctx, send, std::move(request), what, secrets);
  if (!answer) return Failure(answer.error());
  const auto& xml = answer->body;
  AwsKeys keys{element(xml, "AccessKeyId"), Secret(element(xml, "SecretAccessKey")),
               Secret(element(xml, "SessionToken")), parse_timestamp(element(xml, "Expiration")),
               "the AWS role " + role.arn};
  if (keys.id.empty() || keys.secret.empty()) return fail(ErrorKind::server, what + ": the answer holds no keys");
  return keys;
}

Result<std::vector<EcrLogin>> ecr_logins(const Bounded& ctx, const SendRequest& send, const Environment& env,
                                         const AwsKeys& keys, const std::string& region,
                                         const std::vector<std::string>& accounts) {
  http::ClientRequest request;
  request.method = "POST";
  request.url = aws_endpoint(env, "ecr", region) + "/";
  request.headers = {{"Content-Type", "application/x-amz-json-1.1"},
                     {"X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"}};
  auto body = Json::object();
  if (!accounts.empty()) body["registryIds"] = accounts;
  request.body = dump_json(body);
  request.signer = http::AwsSigner{region, "ecr", keys.id, keys.secret, keys.token};
  const auto what = fmt::format("asking ECR in {} for a token with the keys from {}", region, keys.from);
  auto answer = call(ctx, send, std::move(request), what, {keys.secret, keys.token});
  if (!answer) return Failure(answer.error());
  const auto json = parse_json(answer->body).value_or(nullptr);
  const auto data = json.is_object() ? json.find("authorizationData") : json.end();
  if (!json.is_object() || data == json.end() || !data->is_array())
    return fail(ErrorKind::server, what + ": the answer holds no tokens");
  std::vector<EcrLogin> logins;
  for (const auto& entry : *data) {
    auto host = text_at(entry, "proxyEndpoint");
    if (const auto scheme = host.find("://"); scheme != std::string::npos) host.erase(0, scheme + 3);
    const auto token = decode_base64(text_at(entry, "authorizationToken")).value_or("");
    const auto colon = token.find(':');
    if (host.empty() || colon == std::string::npos) continue;
    EcrLogin login{to_lower(host), token.substr(0, colon), Secret(token.substr(colon + 1)), std::nullopt};
    if (const auto expires = entry.find("expiresAt"); expires != entry.end() && expires->is_number())
      login.expires = Timestamp(std::chrono::seconds(static_cast<std::int64_t>(expires->get<double>())));
    logins.push_back(std::move(login));
  }
  if (logins.empty()) return fail(ErrorKind::server, what + ": the answer holds no tokens");
  return logins;
}

}  // namespace flux::images
