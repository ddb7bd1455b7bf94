#include "images/registry/authentication.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "base/json.h"
#include "http/url.h"
#include "images/registry/bounded_json.h"
#include "images/registry/realm.h"
#include "images/registry/wording.h"

namespace flux::images {
namespace {

constexpr Duration kTokenTimeout = std::chrono::seconds(15);
constexpr std::size_t kTokenSize = std::size_t{1} << 20;
constexpr std::size_t kMostValues = 10'000;
constexpr const char* kNameService = "If that service may have them, name it with --registry-auth-host.";

const Challenge* find_scheme(const std::vector<Challenge>& challenges, std::string_view scheme) {
  const auto found = std::ranges::find(challenges, scheme, &Challenge::scheme);
  return found == challenges.end() ? nullptr : &*found;
}

/// A name without a password, or the other way round, is nobody.
std::optional<Credential> complete(std::optional<Credential> credential) {
  if (credential && (credential->user.empty() || credential->password.empty())) return std::nullopt;
  return credential;
}

/// Asks for a token by OAuth, which is how an identity token is used.
void exchange(http::ClientRequest& request, const std::string& realm, const std::string& params,
              const Secret& identity) {
  request.method = "POST";
  request.url = realm;
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.body =
      "grant_type=refresh_token&client_id=fluxd&" + params + "&refresh_token=" + http::encode_query(identity.reveal());
}

Secret basic(const Credential& credential) {
  return Secret("Basic " + encode_base64(credential.user + ":" + credential.password.reveal()));
}

Secret token_in(const std::string& body) {
  const auto json = parse_bounded_json(body, kMostValues);
  if (!json || !json->is_object()) return {};
  for (const auto* key : {"access_token", "token"}) {
    const auto at = json->find(key);
    if (at != json->end() && at->is_string() && !at->get_ref<const std::string&>().empty())
      return Secret("Bearer " + at->get<std::string>());
  }
  return {};
}

}  // namespace

Authentication::Authentication(const Requests& requests, std::string base, std::string path,
                               std::optional<Credential> credential)
    : requests_(requests),
      base_(std::move(base)),
      path_(std::move(path)),
      credential_(complete(std::move(credential))) {}

RegistryResult<Secret> Authentication::first(const Bounded& ctx, const std::vector<Challenge>& challenges) {
  const MutexLock lock(mutex_);
  if (begun_) return current_;
  auto made = meet(ctx, challenges, true);
  if (!made) return made;
  begun_ = true;
  current_ = *made;
  return made;
}

RegistryResult<Secret> Authentication::renew(const Bounded& ctx, const std::vector<Challenge>& challenges,
                                             const Secret& used) {
  const MutexLock lock(mutex_);
  if (!(current_ == used)) return current_;  // somebody else has been here
  auto made = meet(ctx, challenges, false);
  if (!made) return made;
  if (*made == used) return Secret();
  current_ = *made;
  return made;
}

RegistryResult<Secret> Authentication::meet(const Bounded& ctx, const std::vector<Challenge>& challenges,
                                            bool own_scope) {
  if (const auto* bearer = find_scheme(challenges, "bearer")) return fetch_token(ctx, *bearer, own_scope);
  if (find_scheme(challenges, "basic") && credential_ && credential_->user != kTokenUser) return basic(*credential_);
  return Secret();
}

RegistryResult<Secret> Authentication::fetch_token(const Bounded& ctx, const Challenge& challenge, bool own_scope) {
  const auto& realm = challenge.param("realm");
  const auto url = http::parse_url(realm);
  const auto registry = http::parse_url(base_ + "/");
  if (!url || !registry)
    return registry_failure(Error{
        ErrorKind::server, fmt::format("{} names no token service that can be reached", requests_.registry()), {}});
  const auto& named = challenge.param("scope");
  // Somebody else's scope is of no use for this repository, whatever a challenge says.
  const bool fits = !own_scope && named.starts_with(fmt::format("repository:{}:", path_));
  std::string params;
  if (const auto& service = challenge.param("service"); !service.empty())
    params += "service=" + http::encode_query(service) + "&";
  params += "scope=" + http::encode_query(fits ? named : fmt::format("repository:{}:pull", path_));
  http::ClientRequest request;
  request.url = realm + (realm.find('?') == std::string::npos ? "?" : "&") + params;
  request.max_body = kTokenSize;
  const auto service = url->authority(false);
  withheld_.clear();
  bool known = false;
  if (credential_) {
    if (const auto why_not = realm_refusal(*registry, *url, requests_.options())) {
      withheld_ = fmt::format("the credentials from {} did not go to the token service {}, because {}",
                              credential_->from, service, *why_not);
    } else if (credential_->user == kTokenUser) {
      exchange(request, realm, params, credential_->password);
      known = true;
    } else {
      request.authorization = basic(*credential_);
      known = true;
    }
  }
  const auto who = known ? fmt::format("as {} (from {})", credential_->user, credential_->from) : "as anybody";
  const auto asked = fmt::format("asking {}, the token service of {}, for a token {}", service, base_, who);
  const auto failed = [&](RegistryError error) {
    if (!withheld_.empty()) {
      error.error.message += "; " + withheld_;
      error.error.help = kNameService;
    } else if (known && (error.status == 401 || error.status == 403)) {
      error.error.help = fmt::format("Check the credentials from {}.", credential_->from);
    }
    return registry_failure(std::move(error));
  };
  auto answer = requests_.send(ctx.with_timeout(kTokenTimeout), std::move(request));
  if (!answer) {
    auto error = std::move(answer.error());
    if (error.error.kind != ErrorKind::cancelled) error.error = wrap(std::move(error.error), asked).value();
    return failed(std::move(error));
  }
  if (answer->status >= 400) return failed(refusal(*answer, asked, known_secrets()));
  auto token = token_in(answer->body);
  // Which is not shown: there may be a secret in it all the same.
  if (token.empty())
    return failed({{ErrorKind::server, asked + ": there is no token in its answer",
                    "Check what runs at that address, and the proxies on the way."}});
  return token;
}

std::vector<Secret> Authentication::secrets() const {
  const MutexLock lock(mutex_);
  return known_secrets();
}

std::vector<Secret> Authentication::known_secrets() const {
  std::vector<Secret> all;
  const auto add = [&](const Secret& authorization) {
    const auto& text = authorization.reveal();
    all.emplace_back(text.substr(text.find(' ') + 1));  // without the scheme
  };
  if (!current_.empty()) add(current_);
  if (credential_) {
    all.push_back(credential_->password);
    add(basic(*credential_));
  }
  return all;
}

void Authentication::explain(RegistryError& error) const {
  if (error.status != 401 && error.status != 403 && error.status != 404) return;
  const MutexLock lock(mutex_);
  if (!withheld_.empty()) {
    error.error.message += "; " + withheld_;
    error.error.help = kNameService;
  } else if (error.status != 404) {
    error.error.help = credential_
                           ? fmt::format("Check the credentials from {}.", credential_->from)
                           : "Give the workload an image pull secret for this registry, or use --docker-config.";
  }
}

}  // namespace flux::images
