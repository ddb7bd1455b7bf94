#include "git/recovery.h"

#include <algorithm>

namespace flux::git {
namespace {

/// One may be a git that was killed; a copy that is broken fails again.
constexpr int kFailuresToClone = 2;

}  // namespace

void Recovery::fetch_succeeded() {
  failures_ = 0;
  if (!condemned_) why_.reset();
}

void Recovery::fetch_failed(const GitError& error) {
  const auto blame = blame_of(error.failure);
  if (blame == Blame::remote) return;
  ++failures_;
  if (blame == Blame::copy) return condemn(error);
  if (failures_ >= kFailuresToClone) why_ = error;
}

void Recovery::condemn(Error why) {
  condemned_ = true;
  why_ = std::move(why);
}

void Recovery::grow_pause(Clock::time_point now) {
  const bool again = last_ && now - *last_ <= max_pause_;
  pause_ = again ? std::min(pause_ * 2, max_pause_) : first_pause_;
  last_ = now;
}

void Recovery::clone_failed(Clock::time_point now) {
  if (!condemned_) grow_pause(now);
}

void Recovery::replaced(Clock::time_point now) {
  grow_pause(now);
  why_.reset();
  failures_ = 0;
  condemned_ = false;
}

}  // namespace flux::git
