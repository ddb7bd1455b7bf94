#include "images/hooks/payload.h"
#include "images/hooks/senders.h"

namespace flux::images {

Result<PushedImages> docker_hub_push(const Json& payload) {
  const auto name = needed_payload_text(payload, "repository.repo_name");
  if (!name) return Failure(name.error());
  const auto tag = payload_text(payload, "push_data.tag");
  if (!tag) return Failure(tag.error());
  // The name has no host: it is always one of Docker Hub, also where its namespace looks like one.
  auto image = pushed_tag(ImageRef{"docker.io", *name, {}, {}}, *tag, "push_data.tag");
  if (!image) return Failure(image.error());
  return PushedImages{*std::move(image)};
}

}  // namespace flux::images
