#include "images/hooks/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "http/target.h"
#include "images/hooks/secret.h"
#include "images/hooks/senders.h"
#include "model/json.h"

namespace flux::images {
namespace {

Result<PushedImages> pushed(HookSource source, const Json& payload) {
  switch (source) {
    case HookSource::docker_hub:
      return docker_hub_push(payload);
    case HookSource::quay:
      return quay_push(payload);
    case HookSource::github:
      return github_push(payload);
    case HookSource::harbor:
      return harbor_push(payload);
    case HookSource::google:
      return google_push(payload);
    case HookSource::azure:
      return azure_push(payload);
    case HookSource::gitlab:
    case HookSource::distribution:
      return distribution_push(payload);
  }
  return PushedImages{};
}

/// GitHub sends a form, with the JSON as one of its fields, unless it is told otherwise.
std::string json_text(const http::ServerRequest& request) {
  const auto type = to_lower(request.headers.get("Content-Type").value_or(""));
  if (!type.starts_with("application/x-www-form-urlencoded")) return request.body;
  if (const auto form = http::parse_target("/?" + request.body))
    for (const auto& [name, value] : form->query)
      if (name == "payload") return value;
  return request.body;
}

Result<PushedImages> decode(HookSource source, const http::ServerRequest& request) {
  const auto payload = decode_json(json_text(request));
  if (!payload) return Failure(payload.error());
  if (!payload->is_object()) return wrong_type("it", "an object", *payload);
  return pushed(source, *payload);
}

}  // namespace

HookAnswer answer_hook(HookSource source, const http::ServerRequest& request, const Secret& secret) {
  if (request.method != "POST") return {405, "a webhook is sent with POST", {}};
  if (!carries_secret(request, source, secret))
    return {401,
            "the request does not carry the secret of this daemon's webhooks\n"
            "Send the first line of its --webhook-secret-file as \"Authorization: SECRET\", as the password of Basic "
            "authentication, or as ?token=SECRET; from GitHub as the secret of the webhook.",
            {}};
  if (request.body.size() > kLargestHook)
    return {413, fmt::format("the body has {} bytes, more than {}", request.body.size(), kLargestHook), {}};
  auto images = decode(source, request);
  if (!images) {
    const auto& error = images.error();
    return {400, "cannot read the notification: " + error.message + (error.help.empty() ? "" : "\n" + error.help), {}};
  }
  const std::set<ImageRef> unique(images->begin(), images->end());
  return {200, {}, {unique.begin(), unique.end()}};
}

}  // namespace flux::images
