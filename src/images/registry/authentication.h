#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "images/registry/challenge.h"
#include "images/registry/credential.h"
#include "images/registry/requests.h"

namespace flux::images {

/// What goes into the Authorization header of requests to one repository, from one scan's beginning to its end
/// (compat/daemon.md 6.6). Any thread; who needs it while another fetches a token waits for that one.
class Authentication {
 public:
  /// `base` is where the registry was found, `https://host:port`; `path` the repository's.
  Authentication(const Requests& requests, std::string base, std::string path, std::optional<Credential> credential);

  /// At the beginning: what meets the challenge of `/v2/`, asked for with our own scope whatever that names. Empty when
  /// there is none, or none that we can meet.
  RegistryResult<Secret> first(const Bounded& ctx, const std::vector<Challenge>& challenges);
  /// After a request that went out with `used` was answered with these challenges: something else to try. Empty: there
  /// is nothing.
  RegistryResult<Secret> renew(const Bounded& ctx, const std::vector<Challenge>& challenges, const Secret& used);

  /// What to add to the error of an answer of 401, 403 or 404.
  void explain(RegistryError& error) const;
  /// What must not be seen of what a registry answers.
  [[nodiscard]] std::vector<Secret> secrets() const;

 private:
  RegistryResult<Secret> meet(const Bounded& ctx, const std::vector<Challenge>& challenges, bool own_scope)
      REQUIRES(mutex_);
  RegistryResult<Secret> fetch_token(const Bounded& ctx, const Challenge& challenge, bool own_scope) REQUIRES(mutex_);
  [[nodiscard]] std::vector<Secret> known_secrets() const REQUIRES(mutex_);

  const Requests& requests_;
  const std::string base_;
  const std::string path_;
  const std::optional<Credential> credential_;

  mutable Mutex mutex_;
  bool begun_ GUARDED_BY(mutex_) = false;
  Secret current_ GUARDED_BY(mutex_);
  std::string withheld_ GUARDED_BY(mutex_);  // why credentials did not go to a token service
};

}  // namespace flux::images
