#pragma once

#include <string>
#include <vector>

namespace flux::git {

/// One commit, as events and verification need it.
struct Commit {
  std::string revision;
  std::vector<std::string> parents;
  std::string message;   ///< the subject line
  char signature = 'N';  ///< git's letter for it, when asked for: G good, N none, U X Y R E B not to be trusted
  std::string signer;    ///< key id, when asked for and known
};

/// How much to tell of the commits of a query.
enum class CommitDetail {
  full,
  revisions,  ///< nothing but their ids: half a million commits are some 20 MB
  ends,       ///< the same, and of more than two only the newest two and the oldest one, however many there are between
};

/// Which commits, and how much of each.
struct CommitQuery {
  std::string from;                ///< excluded with all its ancestors; empty: all history
  std::string to;                  ///< included
  std::vector<std::string> paths;  ///< only commits that touch one of these; empty: all. Taken literally, no globs
  bool first_parent = false;       ///< only the chain of first parents
  bool alone = false;              ///< `to` itself and none of its ancestors
  bool signatures = false;         ///< check signatures; runs gpg once for each signed commit
  CommitDetail detail = CommitDetail::full;
};

}  // namespace flux::git
