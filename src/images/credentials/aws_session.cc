#include "images/credentials/aws_session.h"

#include <fmt/format.h>

#include <utility>

#include "base/read_file.h"
#include "http/url.h"

namespace flux::images {
namespace {

constexpr Duration kBeforeKeysExpire = std::chrono::minutes(5);
constexpr Duration kReread = std::chrono::minutes(1);
constexpr Duration kContainerTimeout = std::chrono::seconds(5);
constexpr int kMostRoles = 5;  // in a chain of profiles that take on roles
constexpr std::string_view kAnywhere = "us-east-1";

std::string or_else(std::string text, std::string_view other) { return text.empty() ? std::string(other) : text; }

/// The container's service is on this machine or link-local; anywhere else it has to be https.
bool may_have_token(const std::string& url) {
  const auto parsed = http::parse_url(url);
  if (!parsed) return false;
  static constexpr std::array<std::string_view, 6> kNear{"localhost",     "127.0.0.1",      "[::1]",
                                                         "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"};
  return parsed->scheme == "https" || std::ranges::find(kNear, parsed->host) != kNear.end();
}

Result<Secret> read_token(const std::string& file) {
  auto token = read_secret_file(file, "AWS token");
  if (!token) return token;
  auto text = token->reveal();
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return Secret(std::move(text));
}

}  // namespace

AwsSession::AwsSession(SendRequest send, Environment env, std::function<Timestamp()> now)
    : send_(std::move(send)), env_(std::move(env)), now_(std::move(now)), instance_(send_, env_) {}

Result<AwsKeys> AwsSession::keys(const Bounded& ctx) {
  if (keys_ && now_() < good_until_) return *keys_;
  keys_.reset();
  auto found = find(ctx);
  if (!found) return found;
  good_until_ = found->expires ? *found->expires - kBeforeKeysExpire : now_() + kReread;
  keys_ = *found;
  return found;
}

Result<AwsKeys> AwsSession::find(const Bounded& ctx) {
  if (const auto id = env_("AWS_ACCESS_KEY_ID"), secret = env_("AWS_SECRET_ACCESS_KEY"); !id.empty() && !secret.empty())
    return AwsKeys{id, Secret(secret), Secret(env_("AWS_SESSION_TOKEN")), std::nullopt, "the environment"};
  const auto arn = env_("AWS_ROLE_ARN");
  if (const auto file = env_("AWS_WEB_IDENTITY_TOKEN_FILE"); !file.empty() && !arn.empty())
    return with_web_identity(ctx, file, {arn, or_else(env_("AWS_ROLE_SESSION_NAME"), "fluxd"), {}});
  auto profile = from_profile(ctx, aws_profile_name(env_), 0);
  if (!profile) return Failure(profile.error());
  if (*profile) return **profile;
  if (const auto path = env_("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"); !path.empty())
    return from_container(ctx, "http://169.254.170.2" + path);
  if (const auto url = env_("AWS_CONTAINER_CREDENTIALS_FULL_URI"); !url.empty()) return from_container(ctx, url);
  if (env_("AWS_EC2_METADATA_DISABLED") == "true")
    return fail(ErrorKind::user,
                "there are no AWS credentials: none are configured, and the instance is not to be asked");
  auto keys = instance_.keys(ctx);
  if (!keys)
    return fail(ErrorKind::user, "there are no AWS credentials: none are configured, and " + keys.error().message,
                "Give fluxd's service account or node an IAM role that may pull from ECR, or a secret with keys.");
  return keys;
}

Result<std::optional<AwsKeys>> AwsSession::from_profile(const Bounded& ctx, const std::string& name, int depth) {
  auto profile = read_aws_profile(env_, name);
  if (!profile) return Failure(profile.error());
  const auto text = [&](const char* key) { return setting(*profile, key).reveal(); };
  const auto from = fmt::format("the AWS profile {}", name);
  AwsRole role{text("role_arn"), or_else(text("role_session_name"), "fluxd"),
               or_else(configured_region(), or_else(text("region"), kAnywhere))};
  role.external_id = text("external_id");
  if (!role.arn.empty() && !text("web_identity_token_file").empty()) {
    auto keys = with_web_identity(ctx, text("web_identity_token_file"), std::move(role));
    if (!keys) return Failure(keys.error());
    return *keys;
  }
  const auto source = text("source_profile");
  if (!role.arn.empty() && !source.empty() && (source != name || text("aws_access_key_id").empty())) {
    if (depth >= kMostRoles) return fail(ErrorKind::user, from + ": its source_profile leads in a circle");
    auto by = from_profile(ctx, source, depth + 1);
    if (!by) return Failure(by.error());
    if (!*by) return fail(ErrorKind::user, fmt::format("{}: its source_profile {} has no keys", from, source));
    role.by = std::move(**by);
  } else if (!text("aws_access_key_id").empty() && !text("aws_secret_access_key").empty()) {
    AwsKeys keys{text("aws_access_key_id"), setting(*profile, "aws_secret_access_key"),
                 setting(*profile, "aws_session_token"), std::nullopt, from};
    if (role.arn.empty() || source.empty()) return keys;
    role.by = std::move(keys);
  }
  if (!role.by && text("credential_source") == "Ec2InstanceMetadata" && !role.arn.empty()) {
    auto by = instance_.keys(ctx);
    if (!by) return wrap(by.error(), from);
    role.by = std::move(*by);
  }
  if (role.by) {
    auto keys = assume_role(ctx, send_, env_, role);
    if (!keys) return wrap(keys.error(), from);
    return *keys;
  }
  if (!text("credential_process").empty() || !text("sso_start_url").empty() || !text("sso_session").empty())
    return fail(ErrorKind::user, from + ": fluxd uses neither credential_process nor single sign-on");
  if (depth == 0 && name != "default" && profile->empty())
    return fail(ErrorKind::user, from + " is not there", "AWS_PROFILE names it; check AWS_SHARED_CREDENTIALS_FILE.");
  return std::nullopt;
}

Result<AwsKeys> AwsSession::with_web_identity(const Bounded& ctx, const std::string& token_file, AwsRole role) {
  auto token = read_token(token_file);
  if (!token) return Failure(token.error());
  if (token->empty()) return fail(ErrorKind::user, fmt::format("the AWS token in {} is empty", token_file));
  role.web_identity = std::move(*token);
  if (role.region.empty()) role.region = or_else(configured_region(), kAnywhere);
  return assume_role(ctx, send_, env_, role);
}

Result<AwsKeys> AwsSession::from_container(const Bounded& ctx, const std::string& url) {
  static constexpr std::string_view kFrom = "the AWS container credentials";
  if (!may_have_token(url))
    return fail(ErrorKind::user, fmt::format("{}: the address is neither https nor on this machine", kFrom));
  http::ClientRequest request;
  request.url = url;
  request.authorization = Secret(env_("AWS_CONTAINER_AUTHORIZATION_TOKEN"));
  if (const auto file = env_("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty()) {
    auto token = read_token(file);
    if (!token) return Failure(token.error());
    request.authorization = std::move(*token);
  }
  auto answer = send_(ctx.with_timeout(kContainerTimeout), std::move(request));
  if (!answer) return wrap(answer.error(), kFrom);
  if (answer->status != 200) return fail(ErrorKind::server, fmt::format("{}: HTTP {}", kFrom, answer->status));
  return decode_metadata_keys(Secret(std::move(answer->body)), std::string(kFrom));
}

std::string AwsSession::configured_region() {
  for (const auto* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    if (auto region = env_(variable); !region.empty()) return region;
  const auto profile = read_aws_profile(env_, aws_profile_name(env_));
  return profile ? setting(*profile, "region").reveal() : std::string();
}

Result<std::string> AwsSession::region(const Bounded& ctx) {
  if (auto region = configured_region(); !region.empty()) return region;
  if (env_("AWS_EC2_METADATA_DISABLED") == "true") return fail(ErrorKind::user, "no AWS region is configured");
  return instance_.region(ctx);
}

}  // namespace flux::images
