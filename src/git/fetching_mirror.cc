#include "git/fetching_mirror.h"

#include "git/push_commit.h"
#include "git/push_tag.h"

namespace flux::git {
namespace {

const Error kNotCloned{ErrorKind::server, "git repo has not been cloned yet", "fluxd is at it; ask again."};

}  // namespace

FetchingMirror::FetchingMirror(MirrorConfig config)
    : config_(std::move(config)),
      git_(config_.url ? Git(*config_.url, config_.ssh_identity) : Git()),
      status_(config_.url
                  ? MirrorStatus{MirrorState::fresh, kNotCloned}
                  : MirrorStatus{MirrorState::unconfigured, MirrorStatus{MirrorState::unconfigured}.not_ready()}),
      recovery_(config_.retry_interval) {}

Result<void> FetchingMirror::start(const Context& ctx) {
  if (!config_.url) return {};
  auto worker = Worker::start({.name = "mirror", .doing = "keeping the git mirror", .log = ctx.log},
                              [this](const Context& own) { run(own); });
  if (!worker) return Failure(worker.error());
  thread_ = std::move(*worker);
  return {};
}

MirrorStatus FetchingMirror::status() const {
  const MutexLock lock(mutex_);
  return status_;
}

Result<std::shared_ptr<const MirrorCopy>> FetchingMirror::ready_copy() const {
  const MutexLock lock(mutex_);
  if (status_.state != MirrorState::ready) return Failure(status_.not_ready());
  return copy_;
}

Result<std::shared_ptr<const Repository>> FetchingMirror::repository_for(Reader reader) const {
  auto copy = ready_copy();
  if (!copy) return Failure(copy.error());
  const auto& repository = reader == Reader::sync ? (*copy)->for_sync() : (*copy)->for_query();
  return std::shared_ptr<const Repository>(std::move(*copy), &repository);
}

std::shared_ptr<const MirrorCopy> FetchingMirror::current() const {
  const MutexLock lock(mutex_);
  return copy_;
}

void FetchingMirror::set(MirrorState state, std::optional<Error> error) {
  const MutexLock lock(mutex_);
  status_ = {state, std::move(error)};
}

void FetchingMirror::refreshed() {
  if (config_.on_refreshed) config_.on_refreshed();
}

void FetchingMirror::condemn(Error why) {
  const MutexLock lock(mutex_);
  recovery_.condemn(std::move(why));
}

/// What a push finds out about the copy, for our thread to mend. A server that refuses is no fault of the copy.
void FetchingMirror::push_failed(const Context& ctx, const MirrorCopy& copy, const GitError& error) {
  const auto blame = blame_of(error.failure);
  if (ctx.done() || blame == Blame::remote) return;
  if (blame == Blame::copy || copy.is_readable(ctx.with_timeout(config_.fetch_timeout)) == false) {
    condemn(error);
    bell_.ring();
  } else if (error.failure == GitFailure::damaged) {
    doubt();
  }
}

/// Whoever has the turn is bounded itself; a few may wait before us.
Result<FairSemaphore::Permit> FetchingMirror::take_turn(const Context& ctx) {
  return network_.acquire(ctx.with_timeout(config_.clone_timeout + 3 * config_.fetch_timeout));
}

Result<void> FetchingMirror::refresh(const Context& ctx) {
  if (auto copy = ready_copy(); !copy) return Failure(copy.error());
  if (auto fetched = fetch(ctx); !fetched) {
    if (!ctx.done()) bell_.ring();  // our thread tries again, and mends what can be mended
    return Failure(fetched.error());
  }
  refreshed();
  return {};
}

Result<void> FetchingMirror::exclusively(
    const Context& ctx, const std::function<GitResult<void>(const Bounded&, const LocalRepository&)>& work) {
  if (auto copy = ready_copy(); !copy) return Failure(copy.error());
  auto turn = take_turn(ctx);
  if (!turn) return Failure(turn.error());
  // Only now: while we waited it may have been replaced.
  auto copy = ready_copy();
  if (!copy) return Failure(copy.error());
  auto done = work(ctx.with_timeout(config_.fetch_timeout), (*copy)->for_sync());
  if (done) return {};
  push_failed(ctx, **copy, done.error());
  return Failure(done.error());
}

Result<void> FetchingMirror::move_tag(const Context& ctx, const TagMove& move) {
  return exclusively(ctx, [&](const Bounded& bounded, const LocalRepository& repository) {
    return push_tag(bounded, repository, move);
  });
}

GitResult<std::string> FetchingMirror::push_commit(const Context& ctx, const CommitRequest& commit) {
  if (config_.read_only)
    return Failure(Error{ErrorKind::user, "cannot make a working clone of a read-only git repo",
                         "fluxd runs with --git-readonly, so it never writes to the repository."});
  std::optional<GitResult<std::string>> pushed;
  const auto done = exclusively(ctx, [&](const Bounded& bounded, const LocalRepository& repository) -> GitResult<void> {
    pushed = git::push_commit(bounded, repository, commit);
    if (!*pushed) return tl::unexpected(pushed->error());
    return {};
  });
  if (!pushed) return Failure(done.error());  // its turn never came
  if (*pushed) refreshed();
  return *std::move(pushed);
}

GitResult<Fetched> FetchingMirror::fetch(const Context& ctx) {
  auto turn = take_turn(ctx);
  if (!turn) return Failure(turn.error());
  auto copy = current();
  if (!copy) return Failure(status().not_ready());
  return fetch_into(ctx, *copy);
}

/// For who has the turn: fetches into the copy in use, and notes what that says about it.
GitResult<Fetched> FetchingMirror::fetch_into(const Context& ctx, const MirrorCopy& copy) {
  auto fetched = copy.fetch(ctx.with_timeout(config_.fetch_timeout));
  if (!fetched) copy.sweep();
  if (ctx.done()) return fetched;
  const MutexLock lock(mutex_);
  if (fetched)
    recovery_.fetch_succeeded();
  else
    recovery_.fetch_failed(fetched.error());
  if (status_.state != MirrorState::ready) return fetched;
  if (!fetched)
    status_.error = fetched.error();
  else
    status_.error = recovery_.why() ? recovery_.why() : fetched->missed;
  return fetched;
}

}  // namespace flux::git
