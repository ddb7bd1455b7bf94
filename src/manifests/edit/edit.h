#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/container_update.h"
#include "model/manifest.h"
#include "model/policy_update.h"
#include "model/resource_id.h"

/// Edits of one resource, in the text of the file in which it is written (compat/manifests-and-releases.md 4.3, 5.3,
/// 8). Pure: text in, text out, and it is for the caller to write it to git. All take
/// - `file`: the text of manifest.source.file(), as it was when the manifest was read, or as one of these left it;
/// - `id`: the resource's effective id, for messages.
///
/// Bytes that do not have to change do not (yaml/edit/edit.h); where nothing has to, the text comes back as it was. The
/// result is read again, and says exactly what was asked for besides what the file said before.
///
/// User errors, `updating resource <id> in <path> (document 1, line 1): ...`, that say what to do: what cannot be
/// edited without changing more, such as values shared through an anchor; files that are encrypted with sops, values
/// that are templates; a file that says something else than the manifest.
namespace flux::manifests {

/// Writes each update's target into its container; `current` is not looked at. A container that is there twice is the
/// first, `containers` before `initContainers`. In a HelmRelease only what has to change is written: the tag alone,
/// where the name stays. All updates hold in the end, so those that share an anchor may go together.
///
/// Besides: a container that is not there; a HelmRelease whose shape cannot hold the image, or of which it is not clear
/// where the tag belongs (`imageTag`, `tag.fluxcd.io/NAME` without `repository.fluxcd.io/NAME`).
[[nodiscard]] Result<std::string> set_images(std::string_view file, const Manifest& manifest, const ResourceId& id,
                                             std::span<const ContainerUpdate> updates);

/// Annotations by their keys; nothing and empty text delete. The last one that goes takes `annotations` with it, new
/// ones come after the others, by name.
using AnnotationChanges = std::map<std::string, std::optional<std::string>>;
[[nodiscard]] Result<std::string> annotate(std::string_view file, const Manifest& manifest, const ResourceId& id,
                                           const AnnotationChanges& changes);

/// Changes the policies of a workload as policy_changes() has it. Whether a pattern of tags is one is for the caller.
/// User error for what is no workload: `resource <id> does not have containers`.
[[nodiscard]] Result<std::string> update_policies(std::string_view file, const Manifest& manifest, const ResourceId& id,
                                                  const PolicyUpdate& update);

}  // namespace flux::manifests
