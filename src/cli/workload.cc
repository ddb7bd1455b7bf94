#include "cli/workload.h"

#include <fmt/format.h>

#include "base/flags_number.h"
#include "model/image_ref.h"
#include "model/update_spec.h"

namespace flux::cli {

Result<ResourceId> parse_workload(std::string_view text, std::string_view ns) {
  const auto colon = text.substr(0, text.find('/')).find(':');
  auto id =
      colon == std::string_view::npos ? ResourceId::parse(fmt::format("{}:{}", ns, text)) : ResourceId::parse(text);
  if (!id)
    return fail(ErrorKind::user, fmt::format("parsing {}: invalid service ID", text),
                "Write a workload as <namespace>:<kind>/<name>, or as <kind>/<name> with its namespace in -n; for "
                "example shop:deployment/web.");
  return id;
}

Result<std::string> parse_update_image(const std::string& text) {
  if (text == kLatestImages) return text;
  const auto image = ImageRef::parse(text);
  if (!image) return Failure(image.error());
  if (image->tag.empty())
    return fail(ErrorKind::user, "blank tag (if you want latest, explicitly state the tag :latest): invalid image ID",
                "Write the image as <name>:<tag>.");
  return text;
}

}  // namespace flux::cli
