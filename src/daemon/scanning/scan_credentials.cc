#include "daemon/scanning/scan_credentials.h"

#include <algorithm>
#include <set>
#include <utility>

#include "daemon/scanning/docker_config_file.h"

namespace flux::daemon {
namespace {

std::string host_of(const images::Target& target) { return images::registry_host(target.image.domain); }

std::set<std::string> hosts_of(const std::vector<images::Target>& targets) {
  std::set<std::string> hosts;
  for (const auto& target : targets) hosts.insert(host_of(target));
  return hosts;
}

void use(const images::RegistryCredentials& credentials, std::vector<images::Target>& targets) {
  for (auto& target : targets)
    if (const auto entry = credentials.find(host_of(target)); entry != credentials.end())
      target.credential = entry->second;
}

Timestamp now() { return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now()); }

images::EcrScope ecr_scope(const Options::Registry& options) {
  return {options.ecr_regions, options.ecr_include_ids, options.ecr_exclude_ids};
}

constexpr const char* kAzureFile = "/etc/kubernetes/azure.json";

}  // namespace

ScanCredentials::ScanCredentials(const Options::Registry& options, cluster::Client& client, images::SendRequest send,
                                 const images::Environment& env, Log log)
    : log_(std::move(log)),
      complaints_(log_),
      pull_secrets_(client, complaints_),
      docker_config_(options.docker_config),
      traces_(options.trace),
      needs_ecr_(std::ranges::find(options.require, "ecr") != options.require.end()),
      ecr_(ecr_scope(options), send, env, log_, now),
      google_(send, env, log_, now),
      azure_(send, env, kAzureFile, log_, now) {}

Result<void> ScanCredentials::preflight(const Bounded& ctx) {
  if (needs_ecr_)
    if (auto ok = ecr_.preflight(ctx); !ok) return ok;
  if (docker_config_.empty()) return {};
  const auto config = read_docker_config(docker_config_);
  if (config) return {};
  log_({{"warning", "--docker-config not used; pre-flight check failed"}, {"err", config.error()}});
  docker_config_.clear();
  return {};
}

void ScanCredentials::fill(const Bounded& ctx, const std::vector<cluster::LiveWorkload>& live,
                           std::vector<images::Target>& targets) {
  complaints_.begin_round();
  const auto ecr = ecr_.ask(ctx, hosts_of(targets));
  std::erase_if(targets, [&](const auto& target) { return ecr.unscanned.contains(host_of(target)); });
  if (!docker_config_.empty()) use(ask_docker_config(ctx, docker_config_, hosts_of(targets), complaints_), targets);
  use(ecr.credentials, targets);
  const auto users = users_of(live, targets);
  choose_pull_secrets(targets, users, pull_secrets_.read(ctx, users));
  for (auto& target : targets) {
    if (target.credential) continue;
    const auto host = host_of(target);
    if (images::is_google_registry(host)) target.credential = google_.credential(ctx);
    if (images::is_azure_registry(host)) target.credential = azure_.credential(ctx, host);
  }
  if (!traces_) return;
  for (const auto& target : targets)
    if (const auto& credential = target.credential)
      complaints_({{"info", "credentials"},
                   {"image", target.image.name()},
                   {"creds", images::describe({{host_of(target), *credential}})}});
}

}  // namespace flux::daemon
