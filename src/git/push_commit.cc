#include "git/push_commit.h"

#include <fmt/format.h>

#include "git/new_commit.h"
#include "git/set_ref.h"

namespace flux::git {
namespace {

/// A note in the copy, and how to take it back.
class NewNote {
 public:
  NewNote(const LocalRepository& repository, const CommitRequest& commit) : repository_(repository), commit_(commit) {}

  [[nodiscard]] bool wanted() const { return !commit_.note.empty(); }

  GitResult<void> add(const Bounded& ctx, const std::string& to) {
    auto old = repository_.resolve(ctx, {commit_.notes_ref});
    if (!old) return Failure(old.error());
    before_ = old->front();
    const auto& who = commit_.committer;
    return run(ctx, Access::local,
               {"-c", "user.name=" + who.user, "-c", "user.email=" + who.email, "-c", "commit.gpgSign=false", "notes",
                "--ref=" + commit_.notes_ref, "add", "-F", "-", to},
               commit_.note);
  }

  GitResult<void> take_back(const Bounded& ctx) { return set_ref(ctx, repository_, commit_.notes_ref, before_); }

  /// Upstream, too, where the note came without its commit; not when somebody has added another one since.
  GitResult<void> take_back_upstream(const Bounded& ctx) {
    const auto ours = repository_.resolve(ctx, {commit_.notes_ref});
    if (!ours || !ours->front()) return {};
    const auto& git = repository_.git();
    return run(
        ctx, Access::remote,
        {"push", "--quiet", "--no-verify", fmt::format("--force-with-lease={}:{}", commit_.notes_ref, *ours->front()),
         "--", git.remote(), before_.value_or("") + ":" + commit_.notes_ref});
  }

 private:
  GitResult<void> run(const Bounded& ctx, Access access, const std::vector<std::string>& args, std::string input = {}) {
    auto done = repository_.git().run(ctx, repository_.dir(), access, args, std::move(input));
    if (!done) return tl::unexpected(done.error());
    return {};
  }

  const LocalRepository& repository_;
  const CommitRequest& commit_;
  std::optional<std::string> before_{};
};

GitResult<void> push(const Bounded& ctx, const LocalRepository& repository, std::vector<std::string> what,
                     bool atomic = false) {
  const auto& git = repository.git();
  std::vector<std::string> args{"push", "--quiet", "--no-verify"};
  if (atomic) args.emplace_back("--atomic");
  args.insert(args.end(), {"--", git.remote()});
  args.insert(args.end(), what.begin(), what.end());
  auto pushed = git.run(ctx, repository.dir(), Access::remote, args);
  if (!pushed) return tl::unexpected(pushed.error());
  return {};
}

/// Branch and note at once. Where the server cannot do that, the note goes first, so that the branch never lacks it,
/// and comes back when the branch is refused.
GitResult<void> push_both(const Bounded& ctx, const LocalRepository& repository, const std::string& branch,
                          const std::string& notes, NewNote& note) {
  auto both = push(ctx, repository, {branch, notes}, true);
  if (both || both.error().failure != GitFailure::no_atomic_push) return both;
  if (auto ok = push(ctx, repository, {notes}); !ok) return ok;
  auto pushed = push(ctx, repository, {branch});
  if (!pushed) {
    const auto own = Context().with_timeout(std::chrono::seconds(10));
    if (auto ok = note.take_back_upstream(own); !ok)
      return wrap(pushed.error(),
                  fmt::format("the note of this commit is on the server now without it ({})", ok.error().message));
  }
  return pushed;
}

}  // namespace

GitResult<std::string> push_commit(const Bounded& ctx, const LocalRepository& repository, const CommitRequest& commit) {
  auto id = make_commit(ctx, repository, commit);
  if (!id) return id;
  NewNote note(repository, commit);
  if (note.wanted())
    if (auto ok = note.add(ctx, *id); !ok) return tl::unexpected(ok.error());
  const auto head = "refs/heads/" + commit.branch;
  const auto branch = *id + ":" + head;
  const auto notes = fmt::format("{0}:{0}", commit.notes_ref);
  auto pushed = note.wanted() ? push_both(ctx, repository, branch, notes, note) : push(ctx, repository, {branch});
  if (pushed) {
    // Upstream has it: a copy that does not is put right by the next fetch.
    (void)set_ref(ctx, repository, head, *id);
    return id;
  }
  if (note.wanted()) {
    // The context may be what ended the push.
    const auto own = Context().with_timeout(std::chrono::seconds(10));
    if (auto ok = note.take_back(own); !ok) return wrap(ok.error(), "pushing failed, and so did taking the note back");
  }
  return tl::unexpected(pushed.error());
}

}  // namespace flux::git
