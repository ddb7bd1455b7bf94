// What the mirror does on its own thread: gets ready, keeps fresh, and clones anew what is damaged.
#include <fmt/format.h>

#include "git/clone_dir.h"
#include "git/fetching_mirror.h"
#include "git/write_check.h"

namespace flux::git {
namespace {

const Error kNotProven{ErrorKind::server, "git repo has been cloned but not yet checked for write access",
                       "fluxd is at it; ask again."};
constexpr int kFetchesBetweenTidying = 100;

/// Flux v1 said `unreachable` of hosts that ssh could not find, and of no others (compat/daemon.md 2.2).
MirrorState state_without_copy(const GitError& error, const Url& url) {
  const bool lost = error.failure == GitFailure::unknown_host && url.scheme() == "ssh";
  return lost ? MirrorState::unreachable : MirrorState::fresh;
}

}  // namespace

void FetchingMirror::run(const Context& ctx) {
  try {
    doing_ = "removing what others left behind";
    remove_stale_clones(config_.temp_dir.empty() ? temp_directory() : config_.temp_dir);
    while (!ctx.stopped())
      if (status().state == MirrorState::ready)
        poll(ctx);
      else if (!step(ctx))
        bell_.wait(ctx, config_.retry_interval);
  } catch (...) {
    // The worker says so in the log and begins anew; who asks for the status is to know as well.
    set(status().state,
        Error{ErrorKind::server, fmt::format("the git mirror failed while {}: {}", doing_, what_was_thrown()),
              "This is a fault in fluxd; please report it. fluxd tries again by itself."});
    throw;
  }
}

/// True when the state moved on.
bool FetchingMirror::step(const Context& ctx) {
  const auto copy = current();
  doing_ = copy ? "checking the branch and write access" : "cloning";
  GitResult<void> outcome;
  if (copy) {
    outcome = prove(ctx, *copy);
  } else if (auto made = clone(ctx)) {
    const MutexLock lock(mutex_);
    copy_ = std::move(*made);
    just_cloned_ = true;
  } else {
    outcome = tl::unexpected(made.error());
  }
  if (ctx.stopped()) return false;
  if (!outcome) {
    const auto& error = outcome.error();
    set(copy ? MirrorState::cloned : state_without_copy(error, *config_.url), error);
    ctx.log({{"url", config_.url->shown()}, {"err", error}});
    if (copy) replace_if_due(ctx, copy);
    return false;
  }
  if (copy)
    set(MirrorState::ready, missed_);
  else
    set(MirrorState::cloned, kNotProven);
  if (copy && missed_) ctx.log({{"url", config_.url->shown()}, {"err", *missed_}});
  doing_ = "telling of what was fetched";
  if (copy) refreshed();
  return true;
}

/// Waits for the next reason to fetch, and fetches.
void FetchingMirror::poll(const Context& ctx) {
  bell_.wait(ctx, status().healthy() ? config_.poll_interval : config_.retry_interval);
  auto copy = current();
  if (ctx.stopped() || !copy) return;
  doing_ = "checking the copy";
  if (doubted_.exchange(false)) examine(ctx, *copy);
  doing_ = "fetching";
  const auto fetched = fetch(ctx);
  if (ctx.stopped()) return;
  if (fetched) {
    if (fetched->missed) ctx.log({{"url", config_.url->shown()}, {"err", *fetched->missed}});
    doing_ = "telling of what was fetched";
    refreshed();
    doing_ = "packing the copy";
    tidy(ctx, *copy);
  } else {
    ctx.log({{"url", config_.url->shown()}, {"err", fetched.error()}});
    doing_ = "checking the copy";
    if (blame_of(fetched.error().failure) == Blame::unknown) find_blame(ctx, *copy, fetched.error());
  }
  replace_if_due(ctx, std::move(copy));
}

/// Nobody but us has the copy yet, so no turn is taken. An empty repository is cloned, too: prove() has more to say.
GitResult<std::shared_ptr<const MirrorCopy>> FetchingMirror::clone(const Context& ctx) {
  if (auto ok = check_ref_name("branch", config_.branch); !ok) return Failure(ok.error());
  auto copy = clone_as(ctx, IdFormat::sha1);
  return copy || copy.error().failure != GitFailure::other_format ? std::move(copy) : clone_as(ctx, IdFormat::sha256);
}

GitResult<std::shared_ptr<const MirrorCopy>> FetchingMirror::clone_as(const Context& ctx, IdFormat format) {
  auto copy = MirrorCopy::make(ctx.with_timeout(config_.clone_timeout), git_,
                               config_.temp_dir.empty() ? temp_directory() : config_.temp_dir, config_.branch, format);
  if (!copy) return copy;
  auto ok = (*copy)->fetch(ctx.with_timeout(config_.clone_timeout));
  if (!ok && ok.error().failure != GitFailure::missing_ref) return tl::unexpected(ok.error());
  missed_ = ok ? ok->missed : std::nullopt;
  return copy;
}

/// What stands between cloned and ready: the branch is there, and we may write.
GitResult<void> FetchingMirror::prove(const Context& ctx, const MirrorCopy& copy) {
  if (!std::exchange(just_cloned_, false)) {
    auto fetched = fetch(ctx);
    if (!fetched) return tl::unexpected(fetched.error());
    missed_ = fetched->missed;
  }
  if (auto head = branch_head(ctx.with_timeout(config_.fetch_timeout), copy.for_sync(), config_.branch); !head)
    return Failure(head.error());
  if (config_.read_only) return {};
  auto turn = take_turn(ctx);
  if (!turn) return Failure(turn.error());
  auto proven = check_write_access(ctx.with_timeout(config_.fetch_timeout), copy.for_sync(), config_.branch);
  if (!proven) push_failed(ctx, copy, proven.error());
  return proven;
}

/// Now and then, when nobody waits for the result.
void FetchingMirror::tidy(const Context& ctx, const MirrorCopy& copy) {
  if (++fetches_ < kFetchesBetweenTidying) return;
  fetches_ = 0;
  const auto bounded = ctx.with_timeout(config_.clone_timeout);
  auto turn = network_.acquire(bounded);
  if (!turn) return;
  auto ok = copy.tidy(bounded);
  if (ok) return;
  copy.sweep();
  ctx.log({{"warning", "packing the git mirror failed"}, {"err", ok.error()}});
  if (ok.error().failure == GitFailure::damaged) doubted_ = true;
}

/// What is proven need not wait for another failure. Later ones are looked at no more: a full check is a lot of work.
void FetchingMirror::find_blame(const Context& ctx, const MirrorCopy& copy, const GitError& error) {
  {
    const MutexLock lock(mutex_);
    if (recovery_.why()) return;
  }
  if (copy.is_readable(ctx.with_timeout(config_.fetch_timeout)) == false ||
      (error.failure == GitFailure::damaged && copy.is_sound(ctx.with_timeout(config_.clone_timeout)) == false))
    if (!ctx.stopped()) condemn(error);
}

/// A reader missed something. What cannot be shown to be sound is not trusted.
void FetchingMirror::examine(const Context& ctx, const MirrorCopy& copy) {
  if (copy.is_sound(ctx.with_timeout(config_.clone_timeout)) == true || ctx.stopped()) return;
  condemn({ErrorKind::server, "objects are missing from the local copy of the repository, or damaged",
           std::string(help_for(GitFailure::damaged))});
}

/// The copy is a cache; see git/recovery.h.
void FetchingMirror::replace_if_due(const Context& ctx, std::shared_ptr<const MirrorCopy> copy) {
  if (ctx.stopped()) return;
  if (copy->is_gone())
    return drop(ctx,
                {ErrorKind::server, "the directory of the local copy of the repository was removed",
                 "Keep other programs from cleaning up below TMPDIR (else /tmp). fluxd clones the repository anew."});
  std::optional<Error> why;
  {
    const MutexLock lock(mutex_);
    why = recovery_.why();
    if (!recovery_.due(Clock::now())) why.reset();
  }
  if (!why) return;
  if (status().state != MirrorState::ready) return drop(ctx, std::move(*why));
  doing_ = "cloning anew";
  ctx.log({{"warning", "the local copy of the repository is of no use any more; cloning another one"}, {"err", *why}});
  const auto replaced = replace(ctx);
  if (ctx.stopped()) return;
  if (!replaced) {
    auto error = wrap(replaced.error(), "cloning the repository anew").value();
    ctx.log({{"url", config_.url->shown()}, {"err", error}});
    const MutexLock lock(mutex_);
    recovery_.clone_failed(Clock::now());
    status_.error = std::move(error);
    return;
  }
  copy.reset();  // its directory goes, unless somebody still reads it
  ctx.log({{"info", "the repository has been cloned anew"}});
  doing_ = "telling of what was fetched";
  refreshed();
}

/// Beside the old copy, which serves until the new one has all that the old one had.
GitResult<void> FetchingMirror::replace(const Context& ctx) {
  auto fresh = clone(ctx);
  if (!fresh) return tl::unexpected(fresh.error());
  auto turn = take_turn(ctx);
  if (!turn) return Failure(turn.error());
  // What was pushed while we cloned is in the old copy only.
  const auto fetched = (*fresh)->fetch(ctx.with_timeout(config_.fetch_timeout));
  if (!fetched) return tl::unexpected(fetched.error());
  const MutexLock lock(mutex_);
  copy_.swap(*fresh);  // the old one goes when the lock is off
  status_.error = fetched->missed;
  recovery_.replaced(Clock::now());
  doubted_ = false;
  return {};
}

/// Nothing can be read any more, or nobody reads yet: begins again from nothing.
void FetchingMirror::drop(const Context& ctx, Error why) {
  ctx.log({{"warning", "the local copy of the repository is lost; cloning another one"}, {"err", why}});
  std::shared_ptr<const MirrorCopy> lost;
  const MutexLock lock(mutex_);
  status_ = {MirrorState::fresh, std::move(why)};
  recovery_.replaced(Clock::now());
  doubted_ = false;
  copy_.swap(lost);  // goes when the lock is off
}

}  // namespace flux::git
