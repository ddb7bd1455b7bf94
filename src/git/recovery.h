#pragma once

#include <optional>

#include "base/duration.h"
#include "git/failure.h"

namespace flux::git {

/// Whether a local copy of a repository is to be cloned anew, and when. It is a cache: whatever is wrong with it, a new
/// one mends it; and whatever is wrong with the server, it is the last thing to give away. So a fault that is evidently
/// the server's or the network's says nothing about the copy, one that is evidently the copy's condemns it at once, and
/// any other one when the next fetch fails as well. Decides only; FetchingMirror acts. One thread at a time.
class Recovery {
 public:
  /// Clones anew follow each other after `first_pause`, doubled from one to the next up to `max_pause`; without one for
  /// `max_pause`, it begins again.
  explicit Recovery(Duration first_pause, Duration max_pause = std::chrono::minutes(5))
      : first_pause_(first_pause), max_pause_(std::max(first_pause, max_pause)) {}

  /// A fetch into the copy went well: the failures of fetches before count no more.
  void fetch_succeeded();
  void fetch_failed(const GitError& error);
  /// The copy is known to be of no use.
  void condemn(Error why);

  /// Why the copy is to be cloned anew; nothing while it is good enough.
  [[nodiscard]] const std::optional<Error>& why() const { return why_; }
  /// Whether to clone now.
  [[nodiscard]] bool due(Clock::time_point now) const { return why_ && (!last_ || now - *last_ >= pause_); }
  /// There is a new copy.
  void replaced(Clock::time_point now);
  /// A condemned copy has nothing to wait for, so that a clone is due again at once; on a mere suspicion, only after a
  /// pause: it may well be the server, and a clone costs it more than a fetch.
  void clone_failed(Clock::time_point now);

 private:
  void grow_pause(Clock::time_point now);

  Duration first_pause_;
  Duration max_pause_;
  Duration pause_{0};
  std::optional<Clock::time_point> last_;
  std::optional<Error> why_;
  int failures_ = 0;  ///< of fetches in a row that may be the copy's fault
  bool condemned_ = false;
};

}  // namespace flux::git
