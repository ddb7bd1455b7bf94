#include "images/credentials/ecr.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace flux::images {
namespace {

constexpr Duration kEcrEmbargo = std::chrono::minutes(10);
constexpr Duration kLongestLogin = std::chrono::hours(12);
constexpr Duration kBeforeLoginExpires = std::chrono::minutes(5);
constexpr std::size_t kAccountsAtOnce = 10;  // as many as Amazon takes

std::vector<std::string> labels(const std::string& host) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from <= host.size();) {
    const auto end = std::min(host.find('.', from), host.size());
    out.push_back(host.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

std::string show(const std::vector<std::string>& list) { return fmt::format("[{}]", fmt::join(list, " ")); }

}  // namespace

EcrHost parse_ecr_host(const std::string& host) {
  if (!host.ends_with(".amazonaws.com") && !host.ends_with(".amazonaws.com.cn")) return {};
  const auto parts = labels(host);
  const std::size_t wanted = host.ends_with(".cn") ? 7 : 6;
  if (parts.size() != wanted || parts[1] != "dkr" || parts[2] != "ecr") return {EcrHost::Kind::odd, {}, {}};
  return {EcrHost::Kind::registry, parts[0], parts[3]};
}

Ecr::Ecr(EcrScope scope, SendRequest send, Environment env, Log log, std::function<Timestamp()> now)
    : scope_(std::move(scope)),
      send_(std::move(send)),
      env_(std::move(env)),
      log_(std::move(log)),
      now_(std::move(now)),
      session_(send_, env_, now_) {}

Result<void> Ecr::preflight(const Bounded& ctx) {
  find_region(ctx);
  if (!scope_.regions)
    return fail(ErrorKind::user, "--registry-require=ecr: the AWS region is not known",
                "Name it with --registry-ecr-region or AWS_REGION, or let fluxd reach the instance metadata service.");
  auto keys = session_.keys(ctx);
  if (!keys) return wrap(keys.error(), "--registry-require=ecr");
  return {};
}

/// Once it is known it is so for good; until then it is asked for again every ten minutes.
void Ecr::find_region(const Bounded& ctx) {
  if (region_known_ || now_() < region_not_before_) return;
  if (!scope_.regions) {
    auto region = session_.region(ctx);
    if (!region) {
      if (ctx.stopped()) return;
      region_not_before_ = now_() + kEcrEmbargo;
      log_({{"error", "the AWS region is not known; images of ECR are not scanned"},
            {"err", region.error().message},
            {"help", "Name it with --registry-ecr-region or AWS_REGION."}});
      return;
    }
    scope_.regions = {std::move(*region)};
  }
  region_known_ = true;
  log_({{"info", "restricting ECR registry scans"},
        {"regions", show(*scope_.regions)},
        {"include-ids", scope_.accounts ? show(*scope_.accounts) : "all"},
        {"exclude-ids", show(scope_.excluded_accounts)}});
}

bool Ecr::in_scope(const EcrHost& host) const {
  return scope_.regions && contains(*scope_.regions, host.region) &&
         !contains(scope_.excluded_accounts, host.account) &&
         (!scope_.accounts || contains(*scope_.accounts, host.account));
}

Ecr::Answer Ecr::ask(const Bounded& ctx, const std::set<std::string>& hosts) {
  Answer answer;
  std::map<std::string, std::string> wanted;  // region by host
  for (const auto& host : hosts) {
    const auto parsed = parse_ecr_host(host);
    if (parsed.kind == EcrHost::Kind::other) continue;
    if (parsed.kind == EcrHost::Kind::odd) {
      if (odd_hosts_.size() < 100 && odd_hosts_.insert(host).second)
        log_({{"warning", "this host of Amazon is no registry of ECR, so no AWS credentials are used for it"},
              {"host", host}});
      continue;
    }
    find_region(ctx);
    if (!in_scope(parsed)) {
      answer.unscanned.insert(host);
      continue;
    }
    wanted.emplace(host, parsed.region);
    regions_[parsed.region].accounts.insert(parsed.account);
  }
  for (auto& [name, region] : regions_) {
    const bool missing = std::ranges::any_of(wanted, [&, &of = region, &called = name](const auto& one) {
      return one.second == called && !of.logins.contains(one.first);
    });
    const bool used = std::ranges::any_of(wanted, [&called = name](const auto& one) { return one.second == called; });
    if (used && now_() >= region.not_before && (missing || now_() >= region.good_until)) refresh(ctx, name, region);
  }
  for (const auto& [host, name] : wanted) {
    const auto& logins = regions_[name].logins;
    if (const auto at = logins.find(host); at != logins.end())
      answer.credentials.emplace(host, Credential{at->second.user, at->second.password, "AWS API"});
  }
  return answer;
}

void Ecr::refresh(const Bounded& ctx, const std::string& name, Region& region) {
  const std::vector<std::string> accounts(region.accounts.begin(), region.accounts.end());
  log_({{"info", "attempting to refresh auth tokens"},
        {"region", name},
        {"account-ids", fmt::format("{}", fmt::join(accounts, ", "))}});
  const auto failed = [&](const Error& error) {
    if (ctx.stopped()) return;
    region.not_before = now_() + kEcrEmbargo;
    if (now_() >= region.good_until + kBeforeLoginExpires) region.logins.clear();
    log_({{"error", "fetching credentials for AWS region"},
          {"region", name},
          {"err", error},
          {"embargo", format_duration(kEcrEmbargo)}});
  };
  const auto keys = session_.keys(ctx);
  if (!keys) return failed(keys.error());
  auto expires = now_() + kLongestLogin;
  std::map<std::string, EcrLogin> logins;
  for (std::size_t from = 0; from < accounts.size(); from += kAccountsAtOnce) {
    const auto end = std::min(from + kAccountsAtOnce, accounts.size());
    const std::vector<std::string> some(accounts.begin() + static_cast<std::ptrdiff_t>(from),
                                        accounts.begin() + static_cast<std::ptrdiff_t>(end));
    auto answer = ecr_logins(ctx, send_, env_, *keys, name, some);
    if (!answer) return failed(answer.error());
    for (auto& login : *answer) {
      if (login.expires) expires = std::min(expires, *login.expires);
      logins.insert_or_assign(login.host, std::move(login));
    }
  }
  region.logins = std::move(logins);
  region.good_until = expires - kBeforeLoginExpires;
  region.not_before = {};
  // Accounts that the answer left out would otherwise be asked for at each collection.
  if (region.logins.size() < accounts.size()) region.not_before = now_() + kEcrEmbargo;
}

}  // namespace flux::images
