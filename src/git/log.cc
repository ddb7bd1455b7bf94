#include "git/log.h"

#include <fmt/format.h>

#include <algorithm>

namespace flux::git {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

/// The full ids of both, in one question.
Result<std::pair<std::string, std::string>> resolve_both(const Bounded& ctx, const Repository& repository,
                                                         const std::string& a, const std::string& b) {
  auto ids = repository.objects.resolve(ctx, {a + "^{commit}", b + "^{commit}"});
  if (!ids) return Failure(ids.error());
  for (std::size_t i = 0; i < 2; ++i)
    if (!(*ids)[i]) return fail(ErrorKind::missing, fmt::format("unknown revision '{}'", i == 0 ? a : b));
  return std::pair(std::move(*(*ids)[0]), std::move(*(*ids)[1]));
}

Result<std::vector<Commit>> parse_commits(std::string_view output) {
  constexpr std::size_t kFields = 5;
  const auto fields = split(output, '\0');
  std::vector<Commit> commits;
  for (std::size_t i = 0; i + kFields <= fields.size(); i += kFields) {
    Commit commit{fields[i], split(fields[i + 1], ' '), fields[i + 4], 'N', fields[i + 3]};
    if (!fields[i + 2].empty()) commit.signature = fields[i + 2].front();
    commits.push_back(std::move(commit));
  }
  if (commits.size() * kFields != fields.size())
    return fail(ErrorKind::server, "git log answered in a form that fluxd does not know");
  return commits;
}

}  // namespace

Result<std::vector<Commit>> list_commits(const Bounded& ctx, const Repository& repository, const CommitQuery& query) {
  auto range = resolve_both(ctx, repository, query.from.empty() ? query.to : query.from, query.to);
  if (!range) return Failure(range.error());
  std::vector<std::string> args{
      "log", "-z", "--topo-order", "--no-color", "--no-patch", "--no-decorate", "--encoding=UTF-8"};
  args.push_back(query.signatures ? "--pretty=tformat:%H%x00%P%x00%G?%x00%GK%x00%s"
                                  : "--pretty=tformat:%H%x00%P%x00%x00%x00%s");
  if (query.first_parent) args.emplace_back("--first-parent");
  args.push_back(range->second);
  if (!query.from.empty()) args.push_back("^" + range->first);
  args.emplace_back("--");
  args.insert(args.end(), query.paths.begin(), query.paths.end());
  auto output = repository.git.run(ctx, repository.dir, args);
  if (!output) return Failure(output.error());
  return parse_commits(*output);
}

Result<bool> is_ancestor(const Bounded& ctx, const Repository& repository, const std::string& ancestor,
                         const std::string& descendant) {
  auto ids = resolve_both(ctx, repository, ancestor, descendant);
  if (!ids) return Failure(ids.error());
  if (ids->first == ids->second) return true;
  const std::vector<std::string> args{"merge-base", "--is-ancestor", ids->first, ids->second};
  auto exit = repository.git.attempt(ctx, repository.dir, args);
  if (!exit) return Failure(exit.error());
  if (exit->status > 1) return Failure(repository.git.failure(args, *exit));
  return exit->status == 0;
}

}  // namespace flux::git
