#include <utility>

#include "base/base64.h"
#include "images/hooks/payload.h"
#include "images/hooks/senders.h"
#include "model/json.h"

namespace flux::images {
namespace {

Result<PushedImages> registry_event(const Json& event) {
  const auto action = needed_payload_text(event, "action");
  if (!action) return Failure(action.error());
  if (*action != "INSERT") return PushedImages{};
  const auto tag = payload_text(event, "tag");
  if (!tag) return Failure(tag.error());
  const auto name = tag->empty() ? needed_payload_text(event, "digest") : tag;
  if (!name) return Failure(name.error());
  auto image = pushed_image(*name, tag->empty() ? "digest" : "tag");
  if (!image) return Failure(image.error());
  return PushedImages{*std::move(image)};
}

}  // namespace

Result<PushedImages> google_push(const Json& payload) {
  if (payload_at(payload, "action")) return registry_event(payload);
  const auto data = needed_payload_text(payload, "message.data");
  if (!data) return Failure(data.error());
  const auto text = decode_base64(*data);
  if (!text) return fail(ErrorKind::user, "message.data is not base64");
  const auto event = decode_json(*text);
  if (!event) return wrap(event.error(), "message.data");
  if (!event->is_object()) return wrong_type("message.data", "an object", *event);
  auto images = registry_event(*event);
  if (!images) return wrap(images.error(), "message.data");
  return images;
}

}  // namespace flux::images
