#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "model/image_ref.h"

/// Reading what registries send. A place is the names of members with dots between them: `event_data.repository`. All
/// errors are user errors that name the place.
namespace flux::images {

/// nullptr when there is nothing, or null.
[[nodiscard]] const Json* payload_at(const Json& payload, std::string_view place);
/// Empty when there is nothing, or null.
[[nodiscard]] Result<std::string> payload_text(const Json& payload, std::string_view place);
/// Has to be there.
[[nodiscard]] Result<std::string> needed_payload_text(const Json& payload, std::string_view place);
/// Has to be a list.
[[nodiscard]] Result<const Json*> needed_payload_list(const Json& payload, std::string_view place);

/// The canonical image of a reference as senders write it: perhaps with a scheme before and a digest after it, or with
/// a colon and no tag. Never has a digest.
[[nodiscard]] Result<ImageRef> pushed_image(std::string text, std::string_view place);
/// With another tag, which ends up in addresses and so has to be one. Empty, and a digest, is no tag.
[[nodiscard]] Result<ImageRef> pushed_tag(ImageRef image, std::string_view tag, std::string_view place);

}  // namespace flux::images
