#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/guarded.h"
#include "images/registry/authentication.h"
#include "images/registry/challenge.h"
#include "images/registry/credential.h"
#include "images/registry/requests.h"
#include "model/image_ref.h"

namespace flux::images {

/// What is known of the hosts of registries from one scan to the next: how to reach them, and what they ask for; for as
/// long as that works, and for an hour at most. Any thread.
class RegistryHosts {
 public:
  explicit RegistryHosts(Duration keep = std::chrono::hours(1)) : keep_(keep) {}

  struct Known {
    std::string base;                   ///< `https://host:port`, after redirects
    std::vector<Challenge> challenges;  ///< of `/v2/`
  };
  [[nodiscard]] std::optional<Known> find(const std::string& host);
  void remember(const std::string& host, Known known);
  void forget(const std::string& host);

 private:
  struct Entry {
    Known known;
    Clock::time_point until;
  };
  const Duration keep_;
  Mutex mutex_;
  std::map<std::string, Entry> known_ GUARDED_BY(mutex_);
};

struct Question {
  std::string path;  ///< below `/v2/NAME/`, or a whole URL of the same host
  std::string accept{};
  std::string method = "GET";
  std::size_t max_body = std::size_t{4} << 20;
};

/// Questions about one repository of a registry (compat/daemon.md 6.6). A challenge counts on any request, once each; a
/// token that has expired is fetched again once. Any thread, several at once. `requests` and `hosts` are not owned.
class RegistrySession {
 public:
  /// Finds out, unless `hosts` knows, whether the host is reached over https and what it asks for. `image` is
  /// canonical; without a credential it asks as anybody.
  static RegistryResult<std::unique_ptr<RegistrySession>> open(const Bounded& ctx, const Requests& requests,
                                                               RegistryHosts& hosts, const ImageRef& image,
                                                               std::optional<Credential> credential);

  /// The answer, when its status is below 400. After an error that may come from what `hosts` knows no longer being so,
  /// the next session finds it out anew.
  RegistryResult<http::ClientResponse> ask(const Bounded& ctx, const Question& question);

  /// The error of an answer that is not what it should be, for a reason `why`.
  [[nodiscard]] RegistryError not_understood(const http::ClientResponse& answer, const Question& question,
                                             std::string_view why) const;

 private:
  RegistrySession(const Requests& requests, RegistryHosts& hosts, RegistryHosts::Known known, const ImageRef& image,
                  std::optional<Credential> credential);
  [[nodiscard]] std::string name_of(const Question& question) const;
  RegistryResult<http::ClientResponse> ask_as_known(const Bounded& ctx, const Question& question);

  const Requests& requests_;
  RegistryHosts& hosts_;
  const RegistryHosts::Known known_;
  const std::string path_;
  Authentication authentication_;
};

}  // namespace flux::images
