#include "daemon/scanning/docker_config_file.h"

#include <optional>
#include <utility>

#include "base/read_file.h"
#include "images/credentials/credential_helper.h"

namespace flux::daemon {
namespace {

constexpr Duration kPatienceWithHelpers = std::chrono::seconds(20);  // for all helpers

/// As `docker login` calls it, which is what a store knows it by.
std::string server_of(const images::DockerConfig& config, const std::string& host) {
  const auto at = config.spelling.find(host);
  if (at != config.spelling.end()) return at->second;
  return host == "index.docker.io" ? "https://index.docker.io/v1/" : host;
}

class Lookup {
 public:
  Lookup(const Bounded& ctx, const images::DockerConfig& config, std::string from, Complaints& complaints)
      : ctx_(ctx), config_(config), from_(std::move(from)), complaints_(complaints) {}

  [[nodiscard]] std::optional<images::Credential> find(const std::string& host) {
    if (const auto helper = config_.helpers.find(host); helper != config_.helpers.end())
      if (auto credential = ask(helper->second, host)) return credential;
    if (const auto entry = config_.credentials.find(host); entry != config_.credentials.end()) return entry->second;
    return config_.store.empty() ? std::nullopt : ask(config_.store, host);
  }

 private:
  std::optional<images::Credential> ask(const std::string& helper, const std::string& host) {
    auto answer = images::ask_credential_helper(ctx_, helper, server_of(config_, host), from_);
    if (answer) return std::move(*answer);
    complaints_({{"err", answer.error()}, {"docker-config", from_}});
    return std::nullopt;
  }

  const Bounded ctx_;
  const images::DockerConfig& config_;
  const std::string from_;
  Complaints& complaints_;
};

}  // namespace

Result<images::DockerConfig> read_docker_config(const std::filesystem::path& file) {
  const auto text = read_secret_file(file, "--docker-config");
  if (!text) return Failure(text.error());
  return images::parse_docker_config(*text, file.string());
}

images::RegistryCredentials ask_docker_config(const Bounded& ctx, const std::filesystem::path& file,
                                              const std::set<std::string>& hosts, Complaints& complaints) {
  images::RegistryCredentials found;
  const auto config = read_docker_config(file);
  if (!config) {
    complaints({{"err", config.error()}, {"docker-config", file.string()}});
    return found;
  }
  for (const auto& problem : config->problems) complaints({{"err", problem}, {"docker-config", file.string()}});
  Lookup lookup(ctx.with_timeout(kPatienceWithHelpers), *config, file.string(), complaints);
  for (const auto& host : hosts)
    if (auto credential = lookup.find(host)) found.emplace(host, std::move(*credential));
  return found;
}

}  // namespace flux::daemon
