#include "git/fetching_mirror.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "git/clone_dir.h"
#include "git/push_tag.h"
#include "git/write_check.h"

namespace flux::git {
namespace {

constexpr std::string_view kNotCloned = "git repo has not been cloned yet";
constexpr std::string_view kNotProven = "git repo has been cloned but not yet checked for write access";
constexpr int kFetchesBetweenTidying = 100;

/// How many of Reader::query read at a time. Each may have a git process; one at work keeps a core busy.
constexpr std::size_t kQueryReaders = 3;

bool contains_ignoring_case(std::string_view text, std::string_view lower) {
  const auto found = std::ranges::search(
      text, lower, [](char a, char b) { return static_cast<char>(std::tolower(static_cast<unsigned char>(a))) == b; });
  return !found.empty() || lower.empty();
}

/// What git says when the fault is in our copy rather than on the way or at the other end. Only a hint: fsck decides.
bool may_be_damage(std::string_view message) {
  static constexpr std::array<std::string_view, 8> kHints{
      "corrupt",     "bad object", "not a git repository", "unable to read",
      "object file", "broken",     "did not send all nec", "unresolved deltas"};
  return std::ranges::any_of(kHints, [message](auto hint) { return contains_ignoring_case(message, hint); });
}

/// Explicit refspecs: pull requests and what else a server keeps under other names stay there. Tags are asked for by
/// name already, so git need not follow them on its own.
std::vector<std::string> fetch_args(const std::string& remote) {
  return {"fetch",
          "--no-auto-maintenance",
          "--no-write-fetch-head",
          "--no-show-forced-updates",
          "--no-recurse-submodules",
          "--no-tags",
          "--prune",
          "--force",
          "--quiet",
          "--",
          remote,
          "+refs/heads/*:refs/heads/*",
          "+refs/tags/*:refs/tags/*",
          "+refs/notes/*:refs/notes/*"};
}

}  // namespace

/// The directory goes after the last reader.
struct FetchingMirror::Copy {
  Copy(std::unique_ptr<CloneDir> in, const Git& git)
      : dir(std::move(in)), for_sync(git, dir->path()), for_query(git, dir->path(), kQueryReaders) {}
  const std::unique_ptr<CloneDir> dir;
  const LocalRepository for_sync;  ///< also what the mirror itself works with
  const LocalRepository for_query;
};

FetchingMirror::FetchingMirror(MirrorConfig config)
    : config_(std::move(config)),
      git_(config_.url ? Git(*config_.url, config_.ssh_identity) : Git()),
      write_check_tag_(make_write_check_tag()),
      state_(config_.url ? MirrorState::fresh : MirrorState::unconfigured),
      error_(config_.url ? std::string(kNotCloned) : MirrorStatus{state_, {}}.not_ready().message) {}

void FetchingMirror::start(const Context& ctx) {
  if (!config_.url) return;
  thread_ = std::jthread([this, ctx](const std::stop_token& stop) { run(ctx.with_stop(stop)); });
}

MirrorStatus FetchingMirror::status() const {
  const std::lock_guard lock(mutex_);
  return {state_, error_};
}

Result<std::shared_ptr<const LocalRepository>> FetchingMirror::ready_copy(Reader reader) const {
  const std::lock_guard lock(mutex_);
  if (state_ != MirrorState::ready) return Failure(MirrorStatus{state_, error_}.not_ready());
  return std::shared_ptr<const LocalRepository>(copy_, reader == Reader::sync ? &copy_->for_sync : &copy_->for_query);
}

Result<std::shared_ptr<const Repository>> FetchingMirror::repository_for(Reader reader) const {
  return ready_copy(reader);
}

std::shared_ptr<const LocalRepository> FetchingMirror::current() const {
  const std::lock_guard lock(mutex_);
  return copy_ ? std::shared_ptr<const LocalRepository>(copy_, &copy_->for_sync) : nullptr;
}

void FetchingMirror::set(MirrorState state, std::string error) {
  const std::lock_guard lock(mutex_);
  state_ = state;
  error_ = std::move(error);
}

/// A fetch into a copy that has meanwhile been given up says nothing about the state.
void FetchingMirror::note_fetch(const LocalRepository& repository, std::string error) {
  const std::lock_guard lock(mutex_);
  if (copy_ && &copy_->for_sync == &repository && state_ == MirrorState::ready) error_ = std::move(error);
}

void FetchingMirror::refreshed() {
  if (config_.on_refreshed) config_.on_refreshed();
}

/// Whoever has the turn is bounded itself; a few may wait before us.
Result<FairSemaphore::Permit> FetchingMirror::take_turn(const Context& ctx) {
  return network_.acquire(ctx.with_timeout(config_.clone_timeout + 3 * config_.fetch_timeout));
}

Result<void> FetchingMirror::refresh(const Context& ctx) {
  auto repository = ready_copy(Reader::sync);
  if (!repository) return Failure(repository.error());
  auto fetched = fetch(ctx, **repository, config_.fetch_timeout);
  if (!fetched) return fetched;
  note_fetch(**repository, {});
  refreshed();
  return {};
}

Result<void> FetchingMirror::exclusively(
    const Context& ctx, const std::function<Result<void>(const Bounded&, const LocalRepository&)>& work) {
  auto repository = ready_copy(Reader::sync);
  if (!repository) return Failure(repository.error());
  auto turn = take_turn(ctx);
  if (!turn) return Failure(turn.error());
  return work(ctx.with_timeout(config_.fetch_timeout), **repository);
}

Result<void> FetchingMirror::move_tag(const Context& ctx, const TagMove& move) {
  return exclusively(ctx, [&](const Bounded& bounded, const LocalRepository& repository) {
    return push_tag(bounded, repository, move);
  });
}

void FetchingMirror::run(const Context& ctx) {
  remove_stale_clones(config_.temp_dir.empty() ? temp_directory() : config_.temp_dir);
  while (!ctx.stopped()) {
    if (status().state == MirrorState::ready)
      poll(ctx);
    else if (!step(ctx))
      bell_.wait(ctx, config_.retry_interval);
  }
}

/// True when the state moved on.
bool FetchingMirror::step(const Context& ctx) {
  const auto repository = current();
  const auto outcome = repository ? prove(ctx, *repository) : clone(ctx);
  if (ctx.stopped()) return false;
  if (!outcome) {
    const auto& message = outcome.error().message;
    const bool lost = contains_ignoring_case(message, "could not resolve hostname");
    set(repository ? MirrorState::cloned : lost ? MirrorState::unreachable : MirrorState::fresh, message);
    ctx.log({{"url", config_.url->shown()}, {"err", outcome.error()}});
    if (repository) fall_back_if_damaged(ctx, *repository, outcome.error());
    return false;
  }
  set(repository ? MirrorState::ready : MirrorState::cloned, std::string(repository ? "" : kNotProven));
  if (repository) refreshed();
  return true;
}

/// Waits for the next reason to fetch, and fetches.
void FetchingMirror::poll(const Context& ctx) {
  const auto wait = status().healthy() ? config_.poll_interval : config_.retry_interval;
  bell_.wait(ctx, wait);
  const auto repository = current();
  if (ctx.stopped() || !repository) return;
  if (doubted_.exchange(false) && is_damaged(ctx, *repository)) return give_up(ctx, "objects are missing or damaged");
  const auto fetched = fetch(ctx, *repository, config_.fetch_timeout);
  if (ctx.stopped()) return;
  if (fetched) {
    note_fetch(*repository, {});
    refreshed();
    tidy(ctx, *repository);
    return;
  }
  note_fetch(*repository, fetched.error().message);
  ctx.log({{"url", config_.url->shown()}, {"err", fetched.error()}});
  fall_back_if_damaged(ctx, *repository, fetched.error());
}

Result<void> FetchingMirror::clone(const Context& ctx) {
  if (auto ok = check_ref_name("branch", config_.branch); !ok) return ok;
  auto dir = CloneDir::make(config_.temp_dir.empty() ? temp_directory() : config_.temp_dir);
  if (!dir) return Failure(dir.error());
  const auto path = (*dir)->path();
  // Not `git clone`: that would write the address into the repository's configuration.
  auto made = git_.run(ctx.with_timeout(config_.clone_timeout), path, Access::local,
                       {"init", "--quiet", "--bare", "--template=", "--initial-branch=" + config_.branch, "."});
  if (!made) return Failure(made.error());
  auto copy = std::make_shared<const Copy>(std::move(*dir), git_);
  if (auto ok = fetch(ctx, copy->for_sync, config_.clone_timeout); !ok) return ok;
  const std::lock_guard lock(mutex_);
  copy_ = std::move(copy);
  just_cloned_ = true;
  return {};
}

/// What stands between cloned and ready: the branch is there, and we may write.
Result<void> FetchingMirror::prove(const Context& ctx, const LocalRepository& repository) {
  if (!std::exchange(just_cloned_, false))
    if (auto ok = fetch(ctx, repository, config_.fetch_timeout); !ok) return ok;
  if (auto head = branch_head(ctx.with_timeout(config_.fetch_timeout), repository, config_.branch); !head)
    return Failure(head.error());
  if (config_.read_only) return {};
  auto turn = take_turn(ctx);
  if (!turn) return Failure(turn.error());
  return check_write_access(ctx.with_timeout(config_.fetch_timeout), repository, config_.branch, write_check_tag_);
}

Result<void> FetchingMirror::fetch(const Context& ctx, const LocalRepository& repository, Duration timeout) {
  auto turn = take_turn(ctx);
  if (!turn) return Failure(turn.error());
  auto fetched = git_.run(ctx.with_timeout(timeout), repository.dir(), Access::remote, fetch_args(git_.remote()));
  if (fetched || contains_ignoring_case(fetched.error().message, "couldn't find remote ref")) return {};
  return Failure(fetched.error());
}

/// Many fetches leave many small packs. Now and then git may pack them, when nobody waits for the result.
void FetchingMirror::tidy(const Context& ctx, const LocalRepository& repository) {
  if (++fetches_ < kFetchesBetweenTidying) return;
  fetches_ = 0;
  const auto bounded = ctx.with_timeout(config_.clone_timeout);
  auto turn = network_.acquire(bounded);
  if (!turn) return;
  auto packed =
      git_.run(bounded, repository.dir(), Access::local, {"-c", "gc.autoDetach=false", "gc", "--auto", "--quiet"});
  if (!packed) ctx.log({{"warning", "packing the git mirror failed"}, {"err", packed.error()}});
}

/// Otherwise a mirror whose files were lost would fail for ever, while a new clone would do.
void FetchingMirror::fall_back_if_damaged(const Context& ctx, const LocalRepository& repository, const Error& error) {
  std::error_code ignored;
  const bool gone = !std::filesystem::exists(repository.dir() / "HEAD", ignored);
  const bool suspect = error.kind != ErrorKind::cancelled && may_be_damage(error.message);
  if (gone || (suspect && is_damaged(ctx, repository))) give_up(ctx, error.message);
}

/// By git's own full check. One that runs into the timeout proves nothing.
bool FetchingMirror::is_damaged(const Context& ctx, const LocalRepository& repository) const {
  const auto checked = git_.attempt(ctx.with_timeout(config_.clone_timeout), repository.dir(), Access::local,
                                    {"fsck", "--full", "--no-dangling", "--no-progress"});
  return checked && checked->status != 0;
}

void FetchingMirror::give_up(const Context& ctx, std::string why) {
  ctx.log({{"warning", "the git mirror is damaged; cloning again"}, {"err", why}});
  const std::lock_guard lock(mutex_);
  state_ = MirrorState::fresh;
  error_ = std::move(why);
  copy_.reset();
}

}  // namespace flux::git
