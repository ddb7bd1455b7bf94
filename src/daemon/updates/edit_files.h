#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/context.h"
#include "git/mirror.h"
#include "git/repository.h"
#include "sync/plan.h"

namespace flux::daemon {

/// Gives the text of a file with one resource in it edited (manifests/edit/edit.h).
using EditResource =
    std::function<Result<std::string>(std::string_view file, const Manifest& manifest, const ResourceId& id)>;

struct EditedFiles {
  std::vector<git::NewContent> files;  ///< that are not what they were
  std::set<ResourceId> changed;        ///< what is in them that is not
};

/// The files of `revision` in which `edits` want something else, as they are to be. `resources` are those of that
/// revision. The first edit that cannot be made is the error.
Result<EditedFiles> edit_files(const Bounded& ctx, const git::Repository& repository, const std::string& revision,
                               const sync::DesiredSet& resources, const std::map<ResourceId, EditResource>& edits);

}  // namespace flux::daemon
