#include "git/local_repository.h"

#include <algorithm>
#include <utility>

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

/// What a query asks for, behind the options of `git log` and `git rev-list`.
void add_range(const CommitQuery& query, std::vector<std::string>& args) {
  if (query.first_parent) args.emplace_back("--first-parent");
  if (query.alone) args.emplace_back("--no-walk");
  args.push_back(query.to);
  if (!query.from.empty()) args.push_back("^" + query.from);
  args.emplace_back("--");
  args.insert(args.end(), query.paths.begin(), query.paths.end());
}

/// Takes ids as git prints them, one a line, and keeps those that are asked for.
class Revisions {
 public:
  explicit Revisions(bool ends) : ends_(ends) {}
  void take(std::string_view output) {
    for (auto end = output.find('\n'); end != std::string_view::npos; end = output.find('\n')) {
      line_ += output.substr(0, end);
      output.remove_prefix(end + 1);
      if (ends_ && commits_.size() > 2) commits_.pop_back();
      commits_.emplace_back().revision = std::exchange(line_, {});
    }
    line_ += output;
  }
  std::vector<Commit> commits() { return std::move(commits_); }

 private:
  bool ends_;
  std::string line_;
  std::vector<Commit> commits_;
};

}  // namespace

Result<std::vector<std::optional<Object>>> LocalRepository::read_objects(const Bounded& ctx,
                                                                         const std::vector<std::string>& names) const {
  return readers_.read(ctx, names);
}

Result<std::vector<std::optional<ObjectInfo>>> LocalRepository::describe(const Bounded& ctx,
                                                                         const std::vector<std::string>& names) const {
  return readers_.describe(ctx, names);
}

/// However many there are, git's answer is never held.
Result<std::vector<Commit>> LocalRepository::walk_revisions(const Bounded& ctx, const CommitQuery& query) const {
  std::vector<std::string> args{"rev-list", "--topo-order"};
  add_range(query, args);
  Revisions revisions(query.detail == CommitDetail::ends);
  auto command = git_.command(dir_, Access::local, args);
  command.on_output = [&](std::string_view output) { revisions.take(output); };
  const auto exit = flux::run(ctx, command);
  if (!exit) return wrap(exit.error(), "listing commits");
  if (exit->status != 0) return Failure(git_.failure(args, *exit));
  return revisions.commits();
}

Result<std::vector<Commit>> LocalRepository::walk(const Bounded& ctx, const CommitQuery& query) const {
  if (query.detail != CommitDetail::full) return walk_revisions(ctx, query);
  std::vector<std::string> args{
      "log", "-z", "--topo-order", "--no-color", "--no-patch", "--no-decorate", "--encoding=UTF-8"};
  args.push_back(query.signatures ? "--pretty=tformat:%H%x00%P%x00%G?%x00%GK%x00%s"
                                  : "--pretty=tformat:%H%x00%P%x00%x00%x00%s");
  add_range(query, args);
  auto output = git_.run(ctx, dir_, Access::local, args);
  if (!output) return Failure(output.error());
  return parse_commits(*output);
}

Result<bool> LocalRepository::reaches(const Bounded& ctx, const std::string& descendant,
                                      const std::string& ancestor) const {
  const std::vector<std::string> args{"merge-base", "--is-ancestor", ancestor, descendant};
  auto exit = git_.attempt(ctx, dir_, Access::local, args);
  if (!exit) return Failure(exit.error());
  if (exit->status > 1) return Failure(git_.failure(args, *exit));
  return exit->status == 0;
}

Result<void> LocalRepository::verify_tag(const Bounded& ctx, const std::string& id) const {
  // git alone would also accept keys that nobody has declared trust in.
  auto verified = git_.run(ctx, dir_, Access::local, {"-c", "gpg.minTrustLevel=fully", "verify-tag", id});
  if (!verified) return Failure(verified.error());
  return {};
}

}  // namespace flux::git
