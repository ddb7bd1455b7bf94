#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/log.h"
#include "base/timestamp.h"
#include "images/credentials/environment.h"
#include "images/registry/credential.h"
#include "images/registry/requests.h"

namespace flux::images {

/// `gcr.io`, `*.gcr.io`, `*-docker.pkg.dev` (compat/daemon.md 6.4). Pure.
[[nodiscard]] bool is_google_registry(std::string_view host);

/// Who we are to Google's registries: the service account of the machine or of the workload, by the metadata server
/// (GCE_METADATA_HOST names another). Its token is kept until shortly before it expires. One thread.
class Google {
 public:
  Google(SendRequest send, Environment env, Log log, std::function<Timestamp()> now);

  /// Nothing where there is no such server, which is not asked again for five minutes then.
  std::optional<Credential> credential(const Bounded& ctx);

 private:
  Result<void> refresh(const Bounded& ctx);

  const SendRequest send_;
  const Environment env_;
  const Log log_;
  const std::function<Timestamp()> now_;
  std::optional<Credential> credential_;
  Timestamp good_until_{};
  Timestamp not_before_{};
  std::string told_;  // the last error
};

}  // namespace flux::images
