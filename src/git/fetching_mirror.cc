#include "git/fetching_mirror.h"

#include <fmt/format.h>

#include "git/clone_dir.h"
#include "git/push_tag.h"
#include "git/write_check.h"

namespace flux::git {
namespace {

const Error kNotCloned{ErrorKind::server, "git repo has not been cloned yet", "fluxd is at it; ask again."};
const Error kNotProven{ErrorKind::server, "git repo has been cloned but not yet checked for write access",
                       "fluxd is at it; ask again."};
constexpr int kFetchesBetweenTidying = 100;

/// Flux v1 said `unreachable` of hosts that ssh could not find, and of no others (compat/daemon.md 2.2).
MirrorState state_without_copy(const GitError& error, const Url& url) {
  const bool lost = error.failure == GitFailure::unknown_host && url.scheme() == "ssh";
  return lost ? MirrorState::unreachable : MirrorState::fresh;
}

}  // namespace

FetchingMirror::FetchingMirror(MirrorConfig config)
    : config_(std::move(config)),
      git_(config_.url ? Git(*config_.url, config_.ssh_identity) : Git()),
      write_check_tag_(make_write_check_tag()),
      status_(config_.url
                  ? MirrorStatus{MirrorState::fresh, kNotCloned}
                  : MirrorStatus{MirrorState::unconfigured, MirrorStatus{MirrorState::unconfigured}.not_ready()}) {}

Result<void> FetchingMirror::start(const Context& ctx) {
  if (!config_.url) return {};
  auto worker = Worker::start({.name = "mirror", .doing = "keeping the git mirror", .log = ctx.log},
                              [this](const Context& own) { run(own); });
  if (!worker) return Failure(worker.error());
  thread_ = std::move(*worker);
  return {};
}

MirrorStatus FetchingMirror::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

Result<std::shared_ptr<const MirrorCopy>> FetchingMirror::ready_copy() const {
  const std::lock_guard lock(mutex_);
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
  const std::lock_guard lock(mutex_);
  return copy_;
}

void FetchingMirror::set(MirrorState state, std::optional<Error> error) {
  const std::lock_guard lock(mutex_);
  status_ = {state, std::move(error)};
}

/// A fetch into a copy that has meanwhile been given up says nothing about the state.
void FetchingMirror::note_fetch(const MirrorCopy& copy, std::optional<Error> error) {
  const std::lock_guard lock(mutex_);
  if (copy_.get() == &copy && status_.state == MirrorState::ready) status_.error = std::move(error);
}

void FetchingMirror::refreshed() {
  if (config_.on_refreshed) config_.on_refreshed();
}

/// What others find out about the copy, for our thread to look into.
void FetchingMirror::suspect(GitFailure failure) {
  if (failure == GitFailure::locked) locked_ = true;
  if (failure == GitFailure::locked || failure == GitFailure::damaged) doubt();
}

/// Whoever has the turn is bounded itself; a few may wait before us.
Result<FairSemaphore::Permit> FetchingMirror::take_turn(const Context& ctx) {
  return network_.acquire(ctx.with_timeout(config_.clone_timeout + 3 * config_.fetch_timeout));
}

Result<void> FetchingMirror::refresh(const Context& ctx) {
  auto copy = ready_copy();
  if (!copy) return Failure(copy.error());
  if (auto fetched = fetch(ctx, **copy, config_.fetch_timeout); !fetched) {
    suspect(fetched.error().failure);
    return Failure(fetched.error());
  }
  note_fetch(**copy, std::nullopt);
  refreshed();
  return {};
}

Result<void> FetchingMirror::exclusively(
    const Context& ctx, const std::function<GitResult<void>(const Bounded&, const LocalRepository&)>& work) {
  auto copy = ready_copy();
  if (!copy) return Failure(copy.error());
  auto turn = take_turn(ctx);
  if (!turn) return Failure(turn.error());
  auto done = work(ctx.with_timeout(config_.fetch_timeout), (*copy)->for_sync());
  if (done) return {};
  suspect(done.error().failure);
  return Failure(done.error());
}

Result<void> FetchingMirror::move_tag(const Context& ctx, const TagMove& move) {
  return exclusively(ctx, [&](const Bounded& bounded, const LocalRepository& repository) {
    return push_tag(bounded, repository, move);
  });
}

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
  const auto outcome = copy ? prove(ctx, *copy) : clone(ctx);
  if (ctx.stopped()) return false;
  if (!outcome) {
    const auto& error = outcome.error();
    set(copy ? MirrorState::cloned : state_without_copy(error, *config_.url), error);
    ctx.log({{"url", config_.url->shown()}, {"err", error}});
    if (copy) give_up_if_broken(ctx, *copy, error);
    return false;
  }
  if (copy)
    set(MirrorState::ready, std::nullopt);
  else
    set(MirrorState::cloned, kNotProven);
  doing_ = "telling of what was fetched";
  if (copy) refreshed();
  return true;
}

/// Waits for the next reason to fetch, and fetches.
void FetchingMirror::poll(const Context& ctx) {
  const auto wait = status().healthy() ? config_.poll_interval : config_.retry_interval;
  bell_.wait(ctx, wait);
  const auto copy = current();
  if (ctx.stopped() || !copy) return;
  doing_ = "checking the copy";
  if (locked_.exchange(false))
    return give_up(ctx, {ErrorKind::server, "a lock was left behind", std::string(help_for(GitFailure::locked))});
  if (doubted_.exchange(false) && copy->is_damaged(ctx.with_timeout(config_.clone_timeout)))
    return give_up(ctx,
                   {ErrorKind::server, "objects are missing or damaged", std::string(help_for(GitFailure::damaged))});
  doing_ = "fetching";
  const auto fetched = fetch(ctx, *copy, config_.fetch_timeout);
  if (ctx.stopped()) return;
  if (fetched) {
    note_fetch(*copy, std::nullopt);
    doing_ = "telling of what was fetched";
    refreshed();
    doing_ = "packing the copy";
    tidy(ctx, *copy);
    return;
  }
  note_fetch(*copy, fetched.error());
  ctx.log({{"url", config_.url->shown()}, {"err", fetched.error()}});
  give_up_if_broken(ctx, *copy, fetched.error());
}

GitResult<void> FetchingMirror::clone(const Context& ctx) {
  if (auto ok = check_ref_name("branch", config_.branch); !ok) return Failure(ok.error());
  auto copy = MirrorCopy::make(ctx.with_timeout(config_.clone_timeout), git_,
                               config_.temp_dir.empty() ? temp_directory() : config_.temp_dir, config_.branch);
  if (!copy) return tl::unexpected(copy.error());
  if (auto ok = fetch(ctx, **copy, config_.clone_timeout); !ok) return ok;
  const std::lock_guard lock(mutex_);
  copy_ = std::move(*copy);
  just_cloned_ = true;
  return {};
}

/// What stands between cloned and ready: the branch is there, and we may write.
GitResult<void> FetchingMirror::prove(const Context& ctx, const MirrorCopy& copy) {
  if (!std::exchange(just_cloned_, false))
    if (auto ok = fetch(ctx, copy, config_.fetch_timeout); !ok) return ok;
  if (auto head = branch_head(ctx.with_timeout(config_.fetch_timeout), copy.for_sync(), config_.branch); !head)
    return Failure(head.error());
  if (config_.read_only) return {};
  auto turn = take_turn(ctx);
  if (!turn) return Failure(turn.error());
  return check_write_access(ctx.with_timeout(config_.fetch_timeout), copy.for_sync(), config_.branch, write_check_tag_);
}

GitResult<void> FetchingMirror::fetch(const Context& ctx, const MirrorCopy& copy, Duration timeout) {
  auto turn = take_turn(ctx);
  if (!turn) return Failure(turn.error());
  return copy.fetch(ctx.with_timeout(timeout));
}

/// Now and then, when nobody waits for the result.
void FetchingMirror::tidy(const Context& ctx, const MirrorCopy& copy) {
  if (++fetches_ < kFetchesBetweenTidying) return;
  fetches_ = 0;
  const auto bounded = ctx.with_timeout(config_.clone_timeout);
  auto turn = network_.acquire(bounded);
  if (!turn) return;
  if (auto ok = copy.tidy(bounded); !ok) ctx.log({{"warning", "packing the git mirror failed"}, {"err", ok.error()}});
}

/// Otherwise a mirror whose files were lost, or hold a lock that nobody takes away, would fail for ever, while a new
/// clone would do. Only we write to it, one at a time: who finds a lock knows that its owner is gone.
void FetchingMirror::give_up_if_broken(const Context& ctx, const MirrorCopy& copy, const GitError& error) {
  const bool broken =
      copy.is_gone() || error.failure == GitFailure::locked ||
      (error.failure == GitFailure::damaged && copy.is_damaged(ctx.with_timeout(config_.clone_timeout)));
  if (broken) give_up(ctx, error);
}

void FetchingMirror::give_up(const Context& ctx, Error why) {
  ctx.log({{"warning", "the git mirror is damaged; cloning again"}, {"err", why}});
  doubted_ = false;
  locked_ = false;
  const std::lock_guard lock(mutex_);
  status_ = {MirrorState::fresh, std::move(why)};
  copy_.reset();
}

}  // namespace flux::git
