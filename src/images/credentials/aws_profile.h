#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "images/credentials/environment.h"

namespace flux::images {

/// The settings of one profile of Amazon's shared files, by their names in lower case.
using AwsProfile = std::map<std::string, Secret>;

/// Reads one section of `~/.aws/credentials` (`[NAME]`) or, with `config_file`, of `~/.aws/config` (`[profile NAME]`,
/// `[default]`). Nested settings are left out. Empty when there is none. Pure.
[[nodiscard]] AwsProfile parse_aws_profile(const Secret& text, std::string_view name, bool config_file);

/// The profile `name` of both files, which the environment may name; the file of credentials wins. Files that are not
/// there are empty; a user error names one that cannot be read.
Result<AwsProfile> read_aws_profile(const Environment& env, const std::string& name);

/// AWS_PROFILE, else `default`.
[[nodiscard]] std::string aws_profile_name(const Environment& env);

/// The value of a setting; empty when there is none.
[[nodiscard]] Secret setting(const AwsProfile& profile, const std::string& name);

}  // namespace flux::images
