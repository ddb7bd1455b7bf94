#include "images/credentials/aws_profile.h"

#include <filesystem>
#include <utility>

#include "base/ascii.h"
#include "base/read_file.h"

namespace flux::images {
namespace {

std::string_view trim(std::string_view text) {
  static constexpr std::string_view kBlank = " \t\r";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

std::string_view section_name(std::string_view line, bool config_file) {
  auto name = trim(line.substr(1, line.find(']') - 1));
  if (config_file && name.starts_with("profile") && name.size() > 7 && (name[7] == ' ' || name[7] == '\t'))
    name = trim(name.substr(7));
  return name;
}

/// `preset` is below HOME.
Result<Secret> read_shared_file(const Environment& env, const std::string& variable, const char* preset) {
  std::filesystem::path file = env(variable);
  if (file.empty()) {
    const auto home = env("HOME");
    if (home.empty()) return Secret();
    file = std::filesystem::path(home) / preset;
  }
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return Secret();
  return read_secret_file(file, "AWS credentials");
}

}  // namespace

AwsProfile parse_aws_profile(const Secret& text, std::string_view name, bool config_file) {
  AwsProfile profile;
  bool ours = false;
  std::string_view rest = text.reveal();
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (line.starts_with(' ') || line.starts_with('\t')) continue;  // nested
    const auto words = trim(line);
    if (words.empty() || words.front() == '#' || words.front() == ';') continue;
    if (words.front() == '[') {
      ours = section_name(words, config_file) == name;
      continue;
    }
    const auto equals = words.find('=');
    if (!ours || equals == std::string_view::npos) continue;
    profile.insert_or_assign(to_lower(trim(words.substr(0, equals))),
                             Secret(std::string(trim(words.substr(equals + 1)))));
  }
  return profile;
}

Result<AwsProfile> read_aws_profile(const Environment& env, const std::string& name) {
  const auto config = read_shared_file(env, "AWS_CONFIG_FILE", ".aws/config");
  if (!config) return Failure(config.error());
  const auto credentials = read_shared_file(env, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials");
  if (!credentials) return Failure(credentials.error());
  auto profile = parse_aws_profile(*credentials, name, false);
  profile.merge(parse_aws_profile(*config, name, true));
  return profile;
}

std::string aws_profile_name(const Environment& env) {
  const auto name = env("AWS_PROFILE");
  return name.empty() ? "default" : name;
}

Secret setting(const AwsProfile& profile, const std::string& name) {
  const auto at = profile.find(name);
  return at == profile.end() ? Secret() : at->second;
}

}  // namespace flux::images
