#include "images/registry/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "http/url.h"
#include "images/registry/realm.h"
#include "images/registry/wording.h"

namespace flux::images {
namespace {

constexpr std::size_t kPingSize = std::size_t{1} << 20;
constexpr int kTriesOfAQuestion =
    4;  // of one question: a challenge, a token that has expired and a complaint may be in the way
constexpr int kUnauthorized = 401;

/// Whether a host that answers so may want to be reached or asked in another way: nothing (0), 400 of a server that now
/// speaks TLS, 401 with another challenge, 421 and 426 with another protocol.
bool may_have_moved(int status) {
  constexpr std::array kSuspicious{0, 400, kUnauthorized, 421, 426};
  return std::ranges::find(kSuspicious, status) != kSuspicious.end();
}

RegistryResult<http::ClientResponse> ping(const Bounded& ctx, const Requests& requests, const std::string& base) {
  http::ClientRequest request;
  request.url = base + "/v2/";
  request.max_body = kPingSize;
  return requests.send(ctx, std::move(request));
}

bool is_whole(const Question& question) { return question.path.find("://") != std::string::npos; }

RegistryResult<RegistryHosts::Known> reach(const Bounded& ctx, const Requests& requests) {
  const auto& host = requests.registry();
  auto asked = http::parse_url("https://" + host + "/");
  if (!asked)
    return registry_failure(Error{ErrorKind::user, fmt::format("{} is not the name of a registry", host), {}});
  RegistryHosts::Known known{"https://" + host, {}};
  auto answer = ping(ctx, requests, known.base);
  if (!answer && answer.error().status == 0 && !ctx.done() && requests.insecure(*asked)) {
    known.base = "http://" + host;
    asked = http::parse_url(known.base + "/");
    answer = ping(ctx, requests, known.base);
  }
  if (!answer) return registry_failure(answer.error());
  if (answer->status == kTooManyRequests) return registry_failure(refusal(*answer, "asking " + host, {}));
  // Where `/v2/` was moved to, everything else is; but not the credentials, unless they may go there.
  const auto landed = http::parse_url(answer->url);
  if (landed && landed->origin() != asked->origin() && !realm_refusal(*asked, *landed, requests.options()))
    known.base = landed->scheme + "://" + landed->authority(false);
  if (answer->status == kUnauthorized) known.challenges = parse_challenges(answer->headers.all("WWW-Authenticate"));
  return known;
}

}  // namespace

std::optional<RegistryHosts::Known> RegistryHosts::find(const std::string& host) {
  const MutexLock lock(mutex_);
  const auto found = known_.find(host);
  if (found == known_.end() || found->second.until <= Clock::now()) return std::nullopt;
  return found->second.known;
}

void RegistryHosts::remember(const std::string& host, Known known) {
  const MutexLock lock(mutex_);
  known_.insert_or_assign(host, Entry{std::move(known), Clock::now() + keep_});
}

void RegistryHosts::forget(const std::string& host) {
  const MutexLock lock(mutex_);
  known_.erase(host);
}

RegistryResult<std::unique_ptr<RegistrySession>> RegistrySession::open(const Bounded& ctx, const Requests& requests,
                                                                       RegistryHosts& hosts, const ImageRef& image,
                                                                       std::optional<Credential> credential) {
  auto known = hosts.find(requests.registry());
  if (!known) {
    auto found = reach(ctx, requests);
    if (!found) return registry_failure(found.error());
    hosts.remember(requests.registry(), *found);
    known = std::move(*found);
  }
  return std::unique_ptr<RegistrySession>(
      new RegistrySession(requests, hosts, std::move(*known), image, std::move(credential)));
}

RegistrySession::RegistrySession(const Requests& requests, RegistryHosts& hosts, RegistryHosts::Known known,
                                 const ImageRef& image, std::optional<Credential> credential)
    : requests_(requests),
      hosts_(hosts),
      known_(std::move(known)),
      path_(image.path),
      authentication_(requests, known_.base, path_, std::move(credential)) {}

RegistryResult<http::ClientResponse> RegistrySession::ask(const Bounded& ctx, const Question& question) {
  auto answer = ask_as_known(ctx, question);
  if (!answer && !ctx.done() && may_have_moved(answer.error().status)) hosts_.forget(requests_.registry());
  return answer;
}

RegistryError RegistrySession::not_understood(const http::ClientResponse& answer, const Question& question,
                                              std::string_view why) const {
  return images::not_understood(answer, name_of(question), why, authentication_.secrets());
}

std::string RegistrySession::name_of(const Question& question) const {
  const auto asked = is_whole(question) ? std::string("the next page of tags") : question.path;
  return fmt::format("{} of {}/{}", asked, requests_.registry(), path_);
}

RegistryResult<http::ClientResponse> RegistrySession::ask_as_known(const Bounded& ctx, const Question& question) {
  auto authorization = authentication_.first(ctx, known_.challenges);
  if (!authorization) {
    hosts_.forget(requests_.registry());
    return registry_failure(authorization.error());
  }
  bool renewed = false;
  for (int attempt = 1;; ++attempt) {
    http::ClientRequest request;
    request.method = question.method;
    request.url = is_whole(question) ? question.path : fmt::format("{}/v2/{}/{}", known_.base, path_, question.path);
    if (!question.accept.empty()) request.headers.add("Accept", question.accept);
    request.authorization = *authorization;
    request.max_body = question.max_body;
    auto answer = requests_.send(ctx, std::move(request));
    if (!answer) return registry_failure(answer.error());
    if (answer->status < 400) return std::move(*answer);
    const auto refused = [&] {
      auto error = refusal(*answer, name_of(question), authentication_.secrets());
      authentication_.explain(error);
      return registry_failure(std::move(error));
    };
    // How long to wait is the rate limit's business.
    if (answer->status == kTooManyRequests && attempt < kTriesOfAQuestion && answer->headers.get("Retry-After"))
      continue;
    if (answer->status != kUnauthorized || attempt >= kTriesOfAQuestion || std::exchange(renewed, true))
      return refused();
    auto other = authentication_.renew(ctx, parse_challenges(answer->headers.all("WWW-Authenticate")), *authorization);
    if (!other) return registry_failure(other.error());
    if (other->empty()) return refused();
    authorization = std::move(other);
  }
}

}  // namespace flux::images
