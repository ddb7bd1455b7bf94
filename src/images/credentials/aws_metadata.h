#pragma once

#include <string>

#include "base/context.h"
#include "images/credentials/aws_keys.h"
#include "images/credentials/environment.h"
#include "images/registry/requests.h"

namespace flux::images {

/// The metadata service of the instance that we run on (version 2 of it; where that does not answer, 1);
/// AWS_EC2_METADATA_SERVICE_ENDPOINT names another one. Any thread; errors quote no key and no token.
class InstanceMetadata {
 public:
  InstanceMetadata(SendRequest send, Environment env) : send_(std::move(send)), env_(std::move(env)) {}

  /// `path` below `/latest/`.
  Result<Secret> get(const Bounded& ctx, const std::string& path) const;
  Result<std::string> region(const Bounded& ctx) const;
  /// The keys of the instance's role.
  Result<AwsKeys> keys(const Bounded& ctx) const;

 private:
  const SendRequest send_;
  const Environment env_;
};

/// What a metadata service of instances or containers says of keys.
[[nodiscard]] Result<AwsKeys> decode_metadata_keys(const Secret& json, const std::string& from);

}  // namespace flux::images
