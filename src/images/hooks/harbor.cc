#include <algorithm>
#include <array>
#include <utility>

#include "images/hooks/payload.h"
#include "images/hooks/senders.h"

namespace flux::images {
namespace {

constexpr std::array<std::string_view, 3> kPushes{"pushImage", "PUSH_ARTIFACT", "harbor.artifact.pushed"};

Result<ImageRef> resource_image(const Json& resource) {
  const auto url = needed_payload_text(resource, "resource_url");
  if (!url) return Failure(url.error());
  auto image = pushed_image(*url, "resource_url");
  if (!image || !image->tag.empty()) return image;
  const auto tag = payload_text(resource, "tag");
  if (!tag) return Failure(tag.error());
  return pushed_tag(*image, *tag, "tag");
}

}  // namespace

Result<PushedImages> harbor_push(const Json& payload) {
  const auto type = needed_payload_text(payload, "type");
  if (!type) return Failure(type.error());
  if (std::ranges::find(kPushes, *type) == kPushes.end()) return PushedImages{};
  const bool cloud_event = payload_at(payload, "specversion") != nullptr;
  const auto resources = needed_payload_list(payload, cloud_event ? "data.resources" : "event_data.resources");
  if (!resources) return Failure(resources.error());
  PushedImages images;
  for (const auto& resource : **resources) {
    auto image = resource_image(resource);
    if (!image) return wrap(image.error(), "a resource of the event");
    images.push_back(*std::move(image));
  }
  return images;
}

}  // namespace flux::images
