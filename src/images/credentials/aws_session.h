#pragma once

#include <functional>
#include <optional>
#include <string>

#include "images/credentials/aws_api.h"
#include "images/credentials/aws_metadata.h"
#include "images/credentials/aws_profile.h"

namespace flux::images {

/// Finds out who we are to Amazon, as Amazon's own tools do: the environment, a web identity (IAM roles for service
/// accounts), the shared files with their profiles and roles, the container's credentials (ECS, EKS Pod Identity), the
/// instance's role. Who is configured but fails is an error; the next is not tried. One thread.
class AwsSession {
 public:
  AwsSession(SendRequest send, Environment env, std::function<Timestamp()> now);

  /// Remembered until shortly before they expire; for a minute when they never do, as files change.
  Result<AwsKeys> keys(const Bounded& ctx);
  /// AWS_REGION, AWS_DEFAULT_REGION, that of the profile, else that of the instance.
  Result<std::string> region(const Bounded& ctx);

 private:
  Result<AwsKeys> find(const Bounded& ctx);
  Result<std::optional<AwsKeys>> from_profile(const Bounded& ctx, const std::string& name, int depth);
  Result<AwsKeys> with_web_identity(const Bounded& ctx, const std::string& token_file, AwsRole role);
  Result<AwsKeys> from_container(const Bounded& ctx, const std::string& url);
  std::string configured_region();

  const SendRequest send_;
  const Environment env_;
  const std::function<Timestamp()> now_;
  const InstanceMetadata instance_;
  std::optional<AwsKeys> keys_;
  Timestamp good_until_{};
};

}  // namespace flux::images
