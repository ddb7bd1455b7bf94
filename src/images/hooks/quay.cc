#include <utility>

#include "images/hooks/payload.h"
#include "images/hooks/senders.h"
#include "model/json.h"

namespace flux::images {

Result<PushedImages> quay_push(const Json& payload) {
  const auto name = needed_payload_text(payload, "docker_url");
  if (!name) return Failure(name.error());
  const auto* tags = payload_at(payload, "updated_tags");
  if (!tags) return PushedImages{};  // a build, a scan and other events
  if (!tags->is_array() && !tags->is_object()) return wrong_type("updated_tags", "a list", *tags);
  const auto image = pushed_image(*name, "docker_url");
  if (!image) return Failure(image.error());
  PushedImages images;
  for (auto it = tags->begin(); it != tags->end(); ++it) {
    if (tags->is_array() && !it->is_string()) return wrong_type("an element of updated_tags", "a string", *it);
    auto tagged =
        pushed_tag(*image, tags->is_array() ? it->get<std::string>() : it.key(), "an element of updated_tags");
    if (!tagged) return Failure(tagged.error());
    images.push_back(*std::move(tagged));
  }
  if (images.empty()) images.push_back(*image);
  return images;
}

}  // namespace flux::images
