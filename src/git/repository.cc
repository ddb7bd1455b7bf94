#include "git/repository.h"

#include <fmt/format.h>

namespace flux::git {
namespace {

Result<std::optional<std::string>> find_commit(const Bounded& ctx, const Repository& repository,
                                               const std::string& revision) {
  auto ids = repository.resolve(ctx, {revision + "^{commit}"});
  if (!ids) return Failure(ids.error());
  return std::move(ids->front());
}

}  // namespace

Result<std::vector<std::optional<std::string>>> Repository::resolve(const Bounded& ctx,
                                                                    const std::vector<std::string>& names) const {
  auto infos = describe(ctx, names);
  if (!infos) return Failure(infos.error());
  std::vector<std::optional<std::string>> ids;
  ids.reserve(infos->size());
  for (auto& info : *infos) ids.push_back(info ? std::optional(std::move(info->id)) : std::nullopt);
  return ids;
}

Result<std::string> resolve_commit(const Bounded& ctx, const Repository& repository, const std::string& revision) {
  auto id = find_commit(ctx, repository, revision);
  if (!id) return Failure(id.error());
  if (!*id)
    return fail(
        ErrorKind::missing, fmt::format("unknown revision '{}'", revision),
        "Check its spelling, and that it had been pushed when fluxd last fetched. `fluxctl sync` makes it fetch "
        "at once, and apply its branch.");
  return std::move(**id);
}

Error no_such_branch(const std::string& branch) {
  return {ErrorKind::missing, fmt::format("configured branch '{}' does not exist", branch),
          "Push a commit to that branch, or name another one with --git-branch."};
}

Result<std::string> branch_head(const Bounded& ctx, const Repository& repository, const std::string& branch) {
  auto id = find_commit(ctx, repository, "refs/heads/" + branch);
  if (!id) return Failure(id.error());
  if (!*id) return Failure(no_such_branch(branch));
  return std::move(**id);
}

}  // namespace flux::git
