#include "git/testing/memory_mirror.h"

#include <fmt/format.h>

namespace flux::git::testing {

MemoryMirror::MemoryMirror(MemoryMirrorOptions options)
    : options_(std::move(options)),
      status_(options_.url
                  ? MirrorStatus{MirrorState::ready}
                  : MirrorStatus{MirrorState::unconfigured, MirrorStatus{MirrorState::unconfigured}.not_ready()}) {}

void MemoryMirror::set_status(MirrorStatus status) {
  const std::lock_guard lock(mutex_);
  status_ = std::move(status);
}

MirrorStatus MemoryMirror::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

int MemoryMirror::notified() const {
  const std::lock_guard lock(mutex_);
  return notified_;
}

int MemoryMirror::doubted() const {
  const std::lock_guard lock(mutex_);
  return doubted_;
}

void MemoryMirror::notify() {
  const std::lock_guard lock(mutex_);
  ++notified_;
}

void MemoryMirror::doubt() {
  const std::lock_guard lock(mutex_);
  ++doubted_;
}

Result<std::shared_ptr<const Repository>> MemoryMirror::repository_for(Reader reader) const {
  if (const auto now = status(); now.state != MirrorState::ready) return Failure(now.not_ready());
  return reader == Reader::sync ? for_sync_ : for_query_;
}

Result<void> MemoryMirror::refresh(const Context& ctx) {
  if (auto ready = repository(); !ready) return Failure(ready.error());
  if (auto ok = fetches_.enter(ctx); !ok) return ok;
  if (!upstream_.refs().contains("refs/heads/" + options_.branch)) {
    const auto error = no_such_branch(options_.branch);
    const std::lock_guard lock(mutex_);
    status_.error = error;
    return Failure(error);
  }
  for_sync_->fetch(upstream_);
  {
    const std::lock_guard lock(mutex_);
    status_.error.reset();
  }
  if (options_.on_refreshed) options_.on_refreshed();
  return {};
}

Result<void> MemoryMirror::move_tag(const Context& ctx, const TagMove& move) {
  if (auto ready = repository(); !ready) return Failure(ready.error());
  const auto commit = resolve_commit(ctx.with_timeout(std::chrono::minutes(1)), *for_sync_, move.revision);
  if (!commit) return Failure(commit.error());
  if (auto ok = pushes_.enter(ctx); !ok) return ok;
  const auto& identity = move.identity;
  const auto tagger = fmt::format("{} <{}>", identity.user, identity.email);
  upstream_.set_annotated_tag(move.tag, *commit, !identity.signing_key.empty(), move.message, tagger);
  for_sync_->copy_tag(upstream_, move.tag);
  return {};
}

GitResult<std::string> MemoryMirror::push_commit(const Context& ctx, const CommitRequest& commit) {
  if (options_.read_only)
    return Failure(Error{ErrorKind::user, "cannot make a working clone of a read-only git repo", {}});
  if (auto ready = repository(); !ready) return Failure(ready.error());
  if (auto ok = pushes_.enter(ctx); !ok) return Failure(ok.error());
  const auto refs = upstream_.refs();
  const auto head = refs.find("refs/heads/" + commit.branch);
  if (head == refs.end() || head->second != commit.parent)
    return tl::unexpected(GitError({ErrorKind::server, "the branch has moved", {}}, GitFailure::not_fast_forward));
  auto files = upstream_.files(commit.parent);
  bool changes = false;
  for (const auto& file : commit.files) {
    const auto found = files.find(file.path);
    if (found == files.end()) return Failure(Error{ErrorKind::user, file.path + " is not a file", {}});
    changes = changes || found->second.text != file.bytes;
    found->second.text = file.bytes;
  }
  if (!changes) return Failure(Error{ErrorKind::user, "no changes made in repo", {}});
  auto id = upstream_.commit({.files = std::move(files), .message = commit.message, .branch = commit.branch});
  if (!commit.note.empty()) upstream_.set_note(commit.notes_ref, id, commit.note);
  for_sync_->fetch(upstream_);
  if (options_.on_refreshed) options_.on_refreshed();
  return id;
}

}  // namespace flux::git::testing
