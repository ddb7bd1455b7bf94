#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "git/failure.h"
#include "git/repository.h"
#include "git/url.h"

namespace flux::git {

/// How far the mirror has come (compat/daemon.md 2.2).
enum class MirrorState {
  unconfigured,  ///< no URL; final
  fresh,         ///< `new`: not cloned yet
  unreachable,   ///< not cloned: the host name could not be resolved
  cloned,        ///< cloned; branch and write access not proven yet
  ready,         ///< usable. Stays so when a later fetch fails
};

/// The `Status` of the API: `unconfigured`, `new`, `unreachable`, `cloned`, `ready`.
[[nodiscard]] std::string_view to_string(MirrorState state);

/// A snapshot for the API, metrics and logs.
struct MirrorStatus {
  MirrorState state = MirrorState::fresh;
  std::optional<Error> error =
      std::nullopt;  ///< why not ready, or what is wrong with a ready mirror; none: all is well

  /// What `flux_git_ready` reports: ready, and the remote answered last time. Flux v1 went back to `new` after a failed
  /// fetch, and alerts rely on that; our mirror keeps serving what it has, so the metric says what the state does not.
  [[nodiscard]] bool healthy() const { return state == MirrorState::ready && !error; }

  /// The error's own text; empty: all is well.
  [[nodiscard]] std::string message() const { return error ? error->message : std::string(); }

  /// The error of who needs a ready mirror: `git repo does not have valid config` when unconfigured, else
  /// `git repo not ready: ...` (both user errors) with the help of what is wrong.
  [[nodiscard]] Error not_ready() const;
};

/// Who reads. What one of them asks keeps none of the other waiting.
enum class Reader {
  sync,   ///< what changes the cluster: one thread
  query,  ///< everybody else, such as the API: a few at a time, further ones wait within their deadline
};

/// Who makes commits and tags, and with which key. An empty key means unsigned.
struct Identity {
  std::string user;
  std::string email;
  std::string signing_key;
};

/// An annotated tag to put on a commit, wherever it was before.
struct TagMove {
  std::string tag;       ///< name below refs/tags/
  std::string revision;  ///< any name of a commit
  std::string message;
  Identity identity;
};

/// The bytes that a file is to have.
struct NewContent {
  std::string path;  ///< from the repository's root, `/` between parts; of a file that is there
  std::string bytes;
};

/// A commit of ours, to be put on a branch.
struct CommitRequest {
  std::string branch;
  std::string parent;  ///< full id: the head that the contents were planned on
  std::vector<NewContent> files;
  std::string message;
  Identity committer;
  std::string author{};     ///< `Name <mail>`, or a name, which gets the committer's address; empty: the committer
  std::string notes_ref{};  ///< as notes_ref() spells it
  std::string note{};       ///< JSON, put on the commit; empty: none
};

/// A local copy of the repository that we follow: branches, tags and notes. What is read is its Repository; what is
/// written goes upstream and into the copy in one method each, so that the two stay in step and tests can play them
/// (testing/memory_mirror.h). All methods: any thread.
class Mirror {
 public:
  Mirror() = default;
  Mirror(const Mirror&) = delete;
  Mirror& operator=(const Mirror&) = delete;
  virtual ~Mirror() = default;

  [[nodiscard]] virtual MirrorStatus status() const = 0;

  /// Where the copy comes from; nothing: unconfigured. The same for as long as the mirror lives.
  [[nodiscard]] virtual const std::optional<Url>& url() const = 0;
  /// True when we must not write upstream; who writes has to ask.
  [[nodiscard]] virtual bool read_only() const = 0;

  /// The copy as it is; what is fetched later shows in it, too. It stays readable for as long as it is held, even when
  /// the mirror has given it up. MirrorStatus::not_ready() unless ready.
  [[nodiscard]] Result<std::shared_ptr<const Repository>> repository(Reader reader = Reader::query) const {
    return repository_for(reader);
  }

  /// Asks for a fetch soon, or for the next attempt to get ready. Many at once are one.
  virtual void notify() = 0;

  /// For a reader that missed an object: has the local copy checked, and cloned anew if it is damaged.
  virtual void doubt() = 0;

  /// Fetches now, on the caller's thread, for jobs and syncs that need what was just pushed. Bounds itself, from when
  /// no other fetch or push is in the way; here and below `ctx` only brings the stop and an outer deadline, if there is
  /// one.
  virtual Result<void> refresh(const Context& ctx) = 0;

  /// Moves a tag here and upstream, by force and pushed alone. When the push fails it stays where it was here, too.
  /// Missing error for an unknown revision.
  virtual Result<void> move_tag(const Context& ctx, const TagMove& move) = 0;

  /// Puts the commit on its branch, with its note, both upstream at once, and then here; its id. Nothing of it is there
  /// when it fails, but for a push whose answer never came: then the next fetch tells. Failure not_fast_forward when
  /// somebody else has moved the branch, or the notes: fetch, plan anew, try again. A user error when nothing would
  /// change, and when we must not write.
  virtual GitResult<std::string> push_commit(const Context& ctx, const CommitRequest& commit) = 0;

 private:
  [[nodiscard]] virtual Result<std::shared_ptr<const Repository>> repository_for(Reader reader) const = 0;
};

}  // namespace flux::git
