#include "images/credentials/aws_metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "images/credentials/json_text.h"

namespace flux::images {
namespace {

constexpr Duration kTimeout = std::chrono::seconds(2);
constexpr std::size_t kMaxMetadataAnswer = std::size_t{1} << 20;

}  // namespace

Result<Secret> InstanceMetadata::get(const Bounded& ctx, const std::string& path) const {
  auto base = env_("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  while (base.ends_with('/')) base.pop_back();
  if (base.empty()) base = "http://169.254.169.254";
  http::ClientRequest ask_token;
  ask_token.method = "PUT";
  ask_token.url = base + "/latest/api/token";
  ask_token.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "60"}};
  ask_token.max_body = kMaxMetadataAnswer;
  const auto token = send_(ctx.with_timeout(kTimeout), std::move(ask_token));
  http::ClientRequest request;
  request.url = base + "/latest/" + path;
  request.max_body = kMaxMetadataAnswer;
  if (token && token->status == 200) request.headers.add("X-aws-ec2-metadata-token", token->body);
  auto answer = send_(ctx.with_timeout(kTimeout), std::move(request));
  if (!answer) return wrap(answer.error(), "asking the AWS instance metadata service");
  if (answer->status != 200)
    return fail(ErrorKind::server,
                fmt::format("asking the AWS instance metadata service for {}: HTTP {}", path, answer->status));
  return Secret(std::move(answer->body));
}

Result<std::string> InstanceMetadata::region(const Bounded& ctx) const {
  const auto text = get(ctx, "meta-data/placement/region");
  if (!text) return Failure(text.error());
  const auto& region = text->reveal();
  const auto odd = [](unsigned char c) { return !std::isalnum(c) && c != '-'; };
  if (region.empty() || std::ranges::any_of(region, odd))
    return fail(ErrorKind::server, "the AWS instance metadata service named no region");
  return region;
}

Result<AwsKeys> InstanceMetadata::keys(const Bounded& ctx) const {
  static const std::string kPath = "meta-data/iam/security-credentials/";
  const auto roles = get(ctx, kPath);
  if (!roles) return Failure(roles.error());
  const auto role = roles->reveal().substr(0, roles->reveal().find('\n'));
  const auto json = get(ctx, kPath + role);
  if (!json) return Failure(json.error());
  return decode_metadata_keys(*json, "the AWS instance role " + role);
}

Result<AwsKeys> decode_metadata_keys(const Secret& text, const std::string& from) {
  const auto json = parse_json(text.reveal()).value_or(nullptr);
  AwsKeys keys{text_at(json, "AccessKeyId"), Secret(text_at(json, "SecretAccessKey")), Secret(text_at(json, "Token")),
               parse_timestamp(text_at(json, "Expiration")), from};
  if (keys.id.empty() || keys.secret.empty())
    return fail(ErrorKind::server, fmt::format("{}: the metadata service gave no keys", from));
  return keys;
}

}  // namespace flux::images
