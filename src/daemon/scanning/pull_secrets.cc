#include "daemon/scanning/pull_secrets.h"

#include <utility>

#include "cluster/whole.h"

namespace flux::daemon {
namespace {

constexpr Duration kPatienceWithSecrets = std::chrono::seconds(20);  // leaves time for the rest of a collection

const cluster::Resource& service_accounts() {
  static const cluster::Resource resource{{"v1", "ServiceAccount"}, "serviceaccounts", true, true, true, true, true};
  return resource;
}

const cluster::Resource& secrets() {
  static const cluster::Resource resource{{"v1", "Secret"}, "secrets", true, true, true, true, true};
  return resource;
}

/// Calls `each(place, answer)` for all of `places`.
template <class Each>
void read_all(const Bounded& ctx, cluster::Client& client, const cluster::Resource& resource,
              const std::set<Place>& places, Each&& each) {
  std::vector<cluster::Client::Target> targets;
  targets.reserve(places.size());
  for (const auto& place : places) targets.push_back({resource, place.ns, place.name});
  auto answers = cluster::get_whole(ctx, client, targets);
  auto answer = answers.begin();
  for (const auto& place : places) each(place, std::move(*answer++));
}

/// What was read last, where an error says nothing about the object.
template <class Map>
void keep(const Map& last, const Place& place, Map& now) {
  if (const auto at = last.find(place); at != last.end()) now.insert(*at);
}

/// What is wrong with one is mostly wrong with all, so only the first is complained of.
class Failures {
 public:
  Failures(const Context& ctx, Complaints& complaints, std::string what)
      : ctx_(ctx), complaints_(complaints), what_(std::move(what)) {}
  /// True when what was read last still counts.
  bool take(const cluster::ApiError& error) {
    if (error.not_found()) return false;
    if (ctx_.stopped()) return true;
    const bool forbidden = error.forbidden();
    if (std::exchange(forbidden ? told_forbidden_ : told_unread_, true)) return !forbidden;
    if (forbidden)
      complaints_({{"warning", "images are scanned without the credentials of " + what_ + " that fluxd may not read"},
                   {"err", error.message},
                   {"help", "Let fluxd's service account get " + what_ + " in the namespaces of its workloads."}});
    else
      complaints_({{"warning", "some " + what_ + " could not be read for image credentials"}, {"err", error}});
    return !forbidden;
  }

 private:
  const Context& ctx_;
  Complaints& complaints_;
  const std::string what_;
  bool told_forbidden_ = false;
  bool told_unread_ = false;
};

}  // namespace

PullSecrets PullSecretReader::read(const Bounded& ctx, const ImageUsers& users) {
  const auto bounded = ctx.with_timeout(kPatienceWithSecrets);
  PullSecrets now;
  read_accounts(bounded, users, now);
  read_secrets(bounded, users, now);
  last_ = now;
  return now;
}

void PullSecretReader::read_accounts(const Bounded& ctx, const ImageUsers& users, PullSecrets& to) {
  Failures failures(ctx, complaints_, "serviceaccounts");
  read_all(ctx, client_, service_accounts(), accounts_of(users),
           [&](const Place& place, const cluster::ApiResult<std::string>& answer) {
             if (answer)
               to.accounts[place] = decode_service_account(*answer);
             else if (failures.take(answer.error()))
               keep(last_.accounts, place, to.accounts);
           });
}

void PullSecretReader::read_secrets(const Bounded& ctx, const ImageUsers& users, PullSecrets& to) {
  Failures failures(ctx, complaints_, "secrets");
  read_all(ctx, client_, secrets(), secrets_of(users, to),
           [&](const Place& place, cluster::ApiResult<std::string> answer) {
             const auto name = place.ns + ":secret/" + place.name;
             if (!answer) {
               if (failures.take(answer.error())) keep(last_.secrets, place, to.secrets);
               if (answer.error().not_found())
                 complaints_({{"err", answer.error().message}, {"imagePullSecret", name}});
               return;
             }
             auto secret = decode_pull_secret(Secret(std::move(*answer)), place);
             if (!secret.unknown_type.empty())
               complaints_({{"skip", "unknown type"}, {"imagePullSecret", name}, {"type", secret.unknown_type}});
             for (const auto& problem : secret.problems) complaints_({{"err", problem}, {"imagePullSecret", name}});
             to.secrets[place] = std::move(secret.credentials);
           });
}

}  // namespace flux::daemon
