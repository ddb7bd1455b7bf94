#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "images/credentials/aws_keys.h"
#include "images/credentials/environment.h"
#include "images/registry/requests.h"

/// The few calls to Amazon's services that ECR needs. Endpoints can be overridden as Amazon's own tools allow it:
/// AWS_ENDPOINT_URL_SERVICE, AWS_ENDPOINT_URL. Errors quote no key and no token. All
/// functions: any thread.
namespace flux::images {

/// Where a service is in a region, without a final slash. `service` in lower case: `ecr`, `sts`.
[[nodiscard]] std::string aws_endpoint(const Environment& env, const std::string& service, const std::string& region);

/// A role to take on.
struct AwsRole {
  std::string arn;
  std::string session_name;
  std::string region;
  Secret web_identity{};        ///< the token; empty: with `by`
  std::optional<AwsKeys> by{};  ///< whose keys sign
  std::string external_id{};
};
Result<AwsKeys> assume_role(const Bounded& ctx, const SendRequest& send, const Environment& env, const AwsRole& role);

/// A user and a password for each of `accounts`, or for the caller's own when there are none.
struct EcrLogin {
  std::string host;
  std::string user;
  Secret password;
  std::optional<Timestamp> expires;
};
Result<std::vector<EcrLogin>> ecr_logins(const Bounded& ctx, const SendRequest& send, const Environment& env,
                                         const AwsKeys& keys, const std::string& region,
                                         const std::vector<std::string>& accounts);

}  // namespace flux::images
