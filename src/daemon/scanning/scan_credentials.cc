#include "daemon/scanning/scan_credentials.h"

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

}  // namespace

ScanCredentials::ScanCredentials(const Options::Registry& options, cluster::Client& client, Log log)
    : log_(std::move(log)),
      complaints_(log_),
      pull_secrets_(client, complaints_),
      docker_config_(options.docker_config) {}

void ScanCredentials::preflight() {
  if (docker_config_.empty()) return;
  const auto config = read_docker_config(docker_config_);
  if (config) return;
  log_({{"warning", "--docker-config not used; pre-flight check failed"}, {"err", config.error()}});
  docker_config_.clear();
}

void ScanCredentials::fill(const Bounded& ctx, const std::vector<cluster::LiveWorkload>& live,
                           std::vector<images::Target>& targets) {
  complaints_.begin_round();
  if (!docker_config_.empty()) use(ask_docker_config(ctx, docker_config_, hosts_of(targets), complaints_), targets);
  const auto users = users_of(live, targets);
  choose_pull_secrets(targets, users, pull_secrets_.read(ctx, users));
}

}  // namespace flux::daemon
