#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/log.h"
#include "images/credentials/aws_session.h"
#include "images/credentials/docker_config.h"

namespace flux::images {

/// What a host tells about ECR (compat/daemon.md 6.5).
struct EcrHost {
  enum class Kind { other, odd, registry } kind = Kind::other;  ///< `odd`: Amazon's, but not of the form of a registry
  std::string account;
  std::string region;
};
/// `ACCOUNT.dkr.ecr.REGION.amazonaws.com`, with `.cn` in China. Pure.
[[nodiscard]] EcrHost parse_ecr_host(const std::string& host);

/// The flags --registry-ecr-*.
struct EcrScope {
  std::optional<std::vector<std::string>> regions{};   ///< nothing: the one that we run in
  std::optional<std::vector<std::string>> accounts{};  ///< nothing: all
  std::vector<std::string> excluded_accounts{};
};

/// Who we are to ECR. Tokens are kept until shortly before they expire, twelve hours at most; a region that gave none
/// is asked again after ten minutes. One thread.
class Ecr {
 public:
  Ecr(EcrScope scope, SendRequest send, Environment env, Log log, std::function<Timestamp()> now);

  /// Whether Amazon can be used at all, for --registry-require=ecr: the region is known, and there are keys.
  Result<void> preflight(const Bounded& ctx);

  struct Answer {
    std::set<std::string> unscanned;  ///< hosts of images that are not to be scanned
    RegistryCredentials credentials;
  };
  /// For the hosts of all images in use, in lower case.
  Answer ask(const Bounded& ctx, const std::set<std::string>& hosts);

 private:
  struct Region {
    std::set<std::string> accounts;          // that have been seen
    std::map<std::string, EcrLogin> logins;  // by host
    Timestamp good_until{};
    Timestamp not_before{};  // after a failure
  };
  [[nodiscard]] bool in_scope(const EcrHost& host) const;
  void find_region(const Bounded& ctx);
  void refresh(const Bounded& ctx, const std::string& name, Region& region);

  EcrScope scope_;
  const SendRequest send_;
  const Environment env_;
  const Log log_;
  const std::function<Timestamp()> now_;
  AwsSession session_;
  bool region_known_ = false;
  Timestamp region_not_before_{};
  std::map<std::string, Region> regions_;
  std::set<std::string> odd_hosts_;  // told
};

}  // namespace flux::images
