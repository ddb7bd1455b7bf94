#include "api/wire.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "api/json.h"

namespace flux::api {
namespace {

Json to_json(const Fingerprint& print) { return {{"hash", print.hash}, {"randomart", print.randomart}}; }

Result<Change> git_change(const Json& source) {
  auto url = string_member(source, "URL");
  if (!url) return wrap(url.error(), "Source");
  auto branch = string_member(source, "Branch");
  if (!branch) return wrap(branch.error(), "Source");
  return GitChange{*std::move(url), *std::move(branch)};
}

Result<Change> image_change(const Json& source) {
  const auto* name = member(source, "Name");
  if (name == nullptr || name->is_null()) return ImageChange{};
  if (!name->is_object()) return fail(ErrorKind::user, "Source: Name must be an object with Domain and Image");
  auto domain = string_member(*name, "Domain");
  if (!domain) return wrap(domain.error(), "Source: Name");
  auto image = string_member(*name, "Image");
  if (!image) return wrap(image.error(), "Source: Name");
  return ImageChange{*std::move(domain), *std::move(image)};
}

}  // namespace

Json to_json(const PublicKey& key) {
  Json fingerprints = nullptr;
  if (key.md5) fingerprints["md5"] = to_json(*key.md5);
  if (key.sha256) fingerprints["sha256"] = to_json(*key.sha256);
  return {{"key", key.key}, {"fingerprints", std::move(fingerprints)}};
}

Json to_json(const GitConfig& config) {
  return {{"remote",
           {{"url", config.url}, {"branch", config.branch}, {"path", fmt::format("{}", fmt::join(config.paths, ","))}}},
          {"publicSSHKey", to_json(config.public_key)},
          {"status", config.status},
          {"errors", config.errors}};
}

Json to_json(const Change& change) {
  if (const auto* git = std::get_if<GitChange>(&change))
    return {{"Kind", "git"}, {"Source", {{"URL", git->url}, {"Branch", git->branch}}}};
  const auto& image = std::get<ImageChange>(change);
  return {{"Kind", "image"}, {"Source", {{"Name", {{"Domain", image.domain}, {"Image", image.image}}}}}};
}

Result<Change> change_from_json(const Json& json) {
  auto kind = string_member(json, "Kind");
  if (!kind) return Failure(kind.error());
  if (*kind != "git" && *kind != "image")
    return fail(ErrorKind::user, "unknown kind of change", "Kind must be git or image.");
  const auto* source = member(json, "Source");
  if (source == nullptr) return fail(ErrorKind::user, "the change has no Source");
  if (!source->is_object() && !source->is_null()) return fail(ErrorKind::user, "Source must be an object");
  return *kind == "git" ? git_change(*source) : image_change(*source);
}

}  // namespace flux::api
