#include <utility>

#include "base/ascii.h"
#include "images/hooks/payload.h"
#include "images/hooks/senders.h"

namespace flux::images {
namespace {

/// GitHub keeps other packages as well.
bool holds_images(const std::string& ecosystem) {
  const auto lower = to_lower(ecosystem);
  return lower == "container" || lower == "docker";
}

Result<PushedImages> package_push(const Json& package) {
  const auto ecosystem = payload_text(package, "package_type");
  if (!ecosystem) return Failure(ecosystem.error());
  if (!holds_images(*ecosystem)) return PushedImages{};
  auto url = payload_text(package, "package_version.package_url");
  if (!url) return Failure(url.error());
  if (url->empty()) {
    const auto name = needed_payload_text(package, "name");
    if (!name) return Failure(name.error());
    const auto owner = needed_payload_text(package, "namespace");
    if (!owner) return Failure(owner.error());
    *url = "ghcr.io/" + *owner + "/" + *name;
  }
  auto image = pushed_image(*url, "package_version.package_url");
  if (!image) return Failure(image.error());
  // Owners may be written with capitals, names of images may not.
  image->domain = to_lower(image->domain);
  image->path = to_lower(image->path);
  if (image->tag.empty()) {
    const auto tag = payload_text(package, "package_version.container_metadata.tag.name");
    if (!tag) return Failure(tag.error());
    image = pushed_tag(*image, *tag, "package_version.container_metadata.tag.name");
    if (!image) return Failure(image.error());
  }
  return PushedImages{*std::move(image)};
}

}  // namespace

Result<PushedImages> github_push(const Json& payload) {
  const auto* package = payload_at(payload, "package");
  if (!package) package = payload_at(payload, "registry_package");
  if (!package) {
    // Every other event, the ping that GitHub begins with among them, has one of these.
    if (payload_at(payload, "sender") || payload_at(payload, "hook")) return PushedImages{};
    return fail(ErrorKind::user, "there is neither a package nor a registry_package in it",
                "Have GitHub send the events \"Packages\" and \"Registry packages\".");
  }
  const auto action = needed_payload_text(payload, "action");
  if (!action) return Failure(action.error());
  if (*action != "published" && *action != "updated") return PushedImages{};
  return package_push(*package);
}

}  // namespace flux::images
