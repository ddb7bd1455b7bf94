#include "git/log.h"

#include <fmt/format.h>

namespace flux::git {
namespace {

/// The full ids of both, in one question.
Result<std::pair<std::string, std::string>> resolve_both(const Bounded& ctx, const Repository& repository,
                                                         const std::string& a, const std::string& b) {
  auto ids = repository.resolve(ctx, {a + "^{commit}", b + "^{commit}"});
  if (!ids) return Failure(ids.error());
  for (std::size_t i = 0; i < 2; ++i)
    if (!(*ids)[i]) return fail(ErrorKind::missing, fmt::format("unknown revision '{}'", i == 0 ? a : b));
  return std::pair(std::move(*(*ids)[0]), std::move(*(*ids)[1]));
}

}  // namespace

Result<std::vector<Commit>> list_commits(const Bounded& ctx, const Repository& repository, const CommitQuery& query) {
  auto range = resolve_both(ctx, repository, query.from.empty() ? query.to : query.from, query.to);
  if (!range) return Failure(range.error());
  auto resolved = query;
  if (!query.from.empty()) resolved.from = std::move(range->first);
  resolved.to = std::move(range->second);
  return repository.walk(ctx, resolved);
}

Result<bool> is_ancestor(const Bounded& ctx, const Repository& repository, const std::string& ancestor,
                         const std::string& descendant) {
  auto ids = resolve_both(ctx, repository, ancestor, descendant);
  if (!ids) return Failure(ids.error());
  if (ids->first == ids->second) return true;
  return repository.reaches(ctx, ids->second, ids->first);
}

}  // namespace flux::git
