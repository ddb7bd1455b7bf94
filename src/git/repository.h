#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "git/command.h"
#include "git/objects.h"

namespace flux::git {

/// A git repository on disk: where it is, how git is run in it, and a reader of its objects.
/// Shared: a mirror's directory stays until the last holder has let go. Any thread.
struct Repository {
  Repository(const Git& run_with, const std::filesystem::path& where)
      : git(run_with), dir(where), objects(run_with, where) {}

  const Git git;
  const std::filesystem::path dir;
  mutable Objects objects;
};

/// The commit that `revision` names, as a full id. Missing error when there is none.
Result<std::string> resolve_commit(const Bounded& ctx, const Repository& repository, const std::string& revision);

/// The commit at the head of a branch. Missing error `configured branch 'B' does not exist`.
Result<std::string> branch_head(const Bounded& ctx, const Repository& repository, const std::string& branch);

}  // namespace flux::git
