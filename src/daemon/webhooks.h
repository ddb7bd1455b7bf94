#pragma once

#include <functional>
#include <string_view>

#include "base/log.h"
#include "base/secret.h"
#include "http/server.h"
#include "metrics/metrics.h"
#include "model/image_ref.h"

namespace flux::daemon {

/// What webhooks of registries work with.
struct WebhookParts {
  std::function<Secret()> secret;                     ///< as it is now; empty: this daemon has no webhooks
  std::function<bool(const ImageRef& image)> notice;  ///< looks for the image, must not wait; false: not in use
  const metrics::Metrics& metrics;                    ///< not owned
  Log log;
};

/// Whether the path is one of theirs: `/hooks` and what is below.
[[nodiscard]] bool is_webhook(std::string_view path);

/// `POST /hooks/SOURCE` (SOURCE: images/hooks/source.h), where registries tell of images that were pushed. 200 once
/// the images are being looked for, and when none of them is in use; 401 without the secret; 404 for an unknown source,
/// and for all where there is no secret; 400, 405 and 413 for what is no notification. Counts each as `scanned`,
/// `ignored`, `refused` (401) or `invalid`. The address of a request may hold the secret and is never logged.
[[nodiscard]] http::Handler webhook_handler(WebhookParts parts);

}  // namespace flux::daemon
