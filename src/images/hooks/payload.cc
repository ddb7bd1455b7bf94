#include "images/hooks/payload.h"

#include <fmt/format.h>

#include <utility>

#include "images/tag.h"
#include "model/json.h"

namespace flux::images {
namespace {

Failure missing(std::string_view place) {
  return fail(ErrorKind::user, fmt::format("there is no {} in it", place),
              "Check that the address of the webhook names the registry that sends it.");
}

}  // namespace

const Json* payload_at(const Json& payload, std::string_view place) {
  const auto* at = &payload;
  while (at && !place.empty()) {
    const auto dot = std::min(place.find('.'), place.size());
    at = member(*at, place.substr(0, dot));
    place.remove_prefix(std::min(dot + 1, place.size()));
  }
  return at && at->is_null() ? nullptr : at;
}

Result<std::string> payload_text(const Json& payload, std::string_view place) {
  const auto* at = payload_at(payload, place);
  if (!at) return std::string();
  if (!at->is_string()) return wrong_type(place, "a string", *at);
  return at->get<std::string>();
}

Result<std::string> needed_payload_text(const Json& payload, std::string_view place) {
  auto text = payload_text(payload, place);
  if (text && text->empty()) return missing(place);
  return text;
}

Result<const Json*> needed_payload_list(const Json& payload, std::string_view place) {
  const auto* at = payload_at(payload, place);
  if (!at) return missing(place);
  if (!at->is_array()) return wrong_type(place, "a list", *at);
  return at;
}

Result<ImageRef> pushed_image(std::string text, std::string_view place) {
  if (const auto scheme = text.find("://"); scheme != std::string::npos) text.erase(0, scheme + 3);
  text.resize(std::min(text.find('@'), text.size()));
  if (text.ends_with(':')) text.pop_back();
  const auto image = ImageRef::parse(text);
  if (!image) return wrap(image.error(), place);
  return pushed_tag(*image, image->tag, place);
}

Result<ImageRef> pushed_tag(ImageRef image, std::string_view tag, std::string_view place) {
  image.tag.clear();
  image.digest.clear();
  if (tag.empty() || tag.starts_with("sha256:")) return image.canonical();
  if (!is_tag(tag)) return fail(ErrorKind::user, fmt::format("{} is no tag of an image", place));
  image.tag = tag;
  return image.canonical();
}

}  // namespace flux::images
