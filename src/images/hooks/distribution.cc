#include <utility>

#include "http/url.h"
#include "images/hooks/payload.h"
#include "images/hooks/senders.h"

namespace flux::images {
namespace {

/// Layers and configs are pushed as well, and told of.
bool may_be_manifest(const std::string& media_type) {
  return media_type.empty() || media_type.find("manifest") != std::string::npos ||
         media_type.find("index") != std::string::npos;
}

/// The name by which the pusher reached the registry, which is the one that workloads use.
Result<std::string> host_of(const Json& event) {
  auto host = payload_text(event, "request.host");
  if (!host || !host->empty()) return host;
  const auto address = payload_text(event, "target.url");
  if (!address) return Failure(address.error());
  if (const auto url = http::parse_url(*address); url && !address->empty()) return url->authority(false);
  return needed_payload_text(event, "request.host");
}

}  // namespace

Result<PushedImages> azure_push(const Json& event) {
  const auto action = needed_payload_text(event, "action");
  if (!action) return Failure(action.error());
  if (*action != "push") return PushedImages{};
  const auto tag = payload_text(event, "target.tag");
  if (!tag) return Failure(tag.error());
  const auto media_type = payload_text(event, "target.mediaType");
  if (!media_type) return Failure(media_type.error());
  if (tag->empty() && !may_be_manifest(*media_type)) return PushedImages{};
  const auto name = needed_payload_text(event, "target.repository");
  if (!name) return Failure(name.error());
  const auto host = host_of(event);
  if (!host) return Failure(host.error());
  auto image = pushed_tag(ImageRef{*host, *name, {}, {}}, *tag, "target.tag");
  if (!image) return Failure(image.error());
  return PushedImages{*std::move(image)};
}

Result<PushedImages> distribution_push(const Json& payload) {
  const auto events = needed_payload_list(payload, "events");
  if (!events) return Failure(events.error());
  PushedImages images;
  for (const auto& event : **events) {
    const auto pushed = azure_push(event);
    if (!pushed) return wrap(pushed.error(), "an event");
    images.insert(images.end(), pushed->begin(), pushed->end());
  }
  return images;
}

}  // namespace flux::images
