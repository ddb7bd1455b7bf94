#include "git/failure.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace flux::git {
namespace {

using enum GitFailure;

/// Whose words a phrase counts in: git's (and ssh's) own, those that it repeats from the remote, or both.
enum class Speaker { ours, remote, anybody };

struct Phrase {
  GitFailure failure;
  Speaker speaker;
  std::string_view text;  ///< lower case
};

/// The first that occurs decides. What says most comes first: nearly everything ends with "hung up unexpectedly" or
/// "remote rejected", even a push that failed because our own copy is broken.
constexpr auto kPhrases = std::to_array<Phrase>({
    {disk_full, Speaker::anybody, "no space left on device"},
    {disk_full, Speaker::anybody, "out of diskspace"},
    {disk_full, Speaker::anybody, "disk quota exceeded"},
    {locked, Speaker::ours, ".lock': file exists"},
    {locked, Speaker::ours, "could not lock config file"},
    {untrusted_host, Speaker::ours, "host key verification failed"},
    {untrusted_host, Speaker::ours, "certificate verification failed"},
    {untrusted_host, Speaker::ours, "ssl certificate problem"},
    {untrusted_host, Speaker::ours, "ssl: certificate subject name"},
    {untrusted_host, Speaker::ours, "ssl: no alternative certificate subject name"},
    {unknown_host, Speaker::ours, "could not resolve host"},
    {unknown_host, Speaker::ours, "could not resolve proxy"},
    {other, Speaker::ours, "unable to look up current user"},
    {unknown_host, Speaker::ours, "unable to look up "},
    // Protected refs before hooks: forges protect them by a hook.
    {protected_ref, Speaker::anybody, "protected branch"},
    {protected_ref, Speaker::anybody, "protected ref"},
    {protected_ref, Speaker::anybody, "as it is protected"},
    {protected_ref, Speaker::anybody, "repository rule violations"},
    {protected_ref, Speaker::remote, "can only be modified through pull requests"},
    {protected_ref, Speaker::remote, "pushes to this branch are not permitted"},
    {access_denied, Speaker::ours, "permission denied ("},
    {access_denied, Speaker::ours, "too many authentication failures"},
    {access_denied, Speaker::ours, "authentication failed for"},
    {access_denied, Speaker::ours, "could not read username for"},
    {access_denied, Speaker::ours, "could not read password for"},
    {access_denied, Speaker::ours, "returned error: 401"},
    {access_denied, Speaker::ours, "returned error: 403"},
    {access_denied, Speaker::anybody, "marked as read only"},
    {access_denied, Speaker::anybody, "write access to repository not granted"},
    {access_denied, Speaker::anybody, " denied to "},
    {access_denied, Speaker::anybody, "you are not allowed to push code to this project"},
    {access_denied, Speaker::anybody, "deploy key does not have write access"},
    {not_found, Speaker::anybody, "repository not found"},
    {not_found, Speaker::anybody, "repository does not exist"},
    {not_found, Speaker::anybody, "project you were looking for could not be found"},
    {not_found, Speaker::ours, "does not appear to be a git repository"},
    {not_found, Speaker::ours, "access denied or repository not exported"},
    {not_found, Speaker::ours, "' not found"},
    {remote_damaged, Speaker::anybody, "repository corruption on the remote side"},
    {remote_damaged, Speaker::ours, "upload-pack: not our ref"},
    {other_format, Speaker::ours, "mismatched algorithms"},
    {other_format, Speaker::ours, "does not support this repository's object format"},
    {damaged, Speaker::ours, "is corrupt"},
    {damaged, Speaker::ours, "bad object"},
    {damaged, Speaker::ours, "bad tree object"},
    {damaged, Speaker::ours, "error: object file "},
    {damaged, Speaker::ours, "unable to read "},
    {damaged, Speaker::ours, "error: could not read "},
    {damaged, Speaker::ours, "missing blob"},
    {damaged, Speaker::ours, "does not point to a valid object"},
    {damaged, Speaker::ours, "broken ref"},
    {damaged, Speaker::ours, "appears to be broken"},
    {damaged, Speaker::ours, "cannot be resolved to branch"},
    {damaged, Speaker::ours, "did not send all necessary objects"},
    {damaged, Speaker::ours, "unresolved deltas"},
    {damaged, Speaker::ours, "not a git repository"},
    {damaged, Speaker::ours, "bad config line"},
    {damaged, Speaker::ours, "unexpected line in "},
    {damaged, Speaker::ours, "unterminated line in "},
    {declined, Speaker::ours, "remote unpack failed"},
    {unwritable, Speaker::ours, "unable to write loose object file"},
    {unwritable, Speaker::ours, "unable to write file"},
    {unwritable, Speaker::ours, "unable to create temporary"},
    {unwritable, Speaker::ours, "insufficient permission for adding an object"},
    {unwritable, Speaker::ours, "': read-only file system"},
    {unwritable, Speaker::ours, "lock': permission denied"},
    {unwritable, Speaker::ours, "input/output error"},
    {no_atomic_push, Speaker::ours, "does not support --atomic push"},
    {not_fast_forward, Speaker::ours, "(non-fast-forward)"},
    {not_fast_forward, Speaker::ours, "(fetch first)"},
    {not_fast_forward, Speaker::ours, "(needs force)"},
    {not_fast_forward, Speaker::ours, "(stale info)"},
    {not_fast_forward, Speaker::ours, "(already exists)"},
    {not_fast_forward, Speaker::remote, " but expected "},
    {declined, Speaker::ours, "[remote rejected]"},
    {declined, Speaker::ours, "[rejected]"},
    {missing_ref, Speaker::ours, "couldn't find remote ref"},
    {missing_ref, Speaker::ours, "remote ref does not exist"},
    {timed_out, Speaker::ours, "operation timed out"},
    {timed_out, Speaker::ours, "operation too slow"},
    {unreachable, Speaker::ours, "connection refused"},
    {unreachable, Speaker::ours, "connection timed out"},
    {unreachable, Speaker::ours, "connection reset by"},
    {unreachable, Speaker::ours, "connection closed by"},
    {unreachable, Speaker::ours, "no route to host"},
    {unreachable, Speaker::ours, "network is unreachable"},
    {unreachable, Speaker::ours, "failed to connect to"},
    {unreachable, Speaker::ours, "unable to connect to"},
    {unreachable, Speaker::ours, "broken pipe"},
    {unreachable, Speaker::ours, "gnutls"},
    {unreachable, Speaker::ours, "ssl_error"},
    {unreachable, Speaker::ours, "empty reply from server"},
    {unreachable, Speaker::ours, "returned error: 429"},
    {unreachable, Speaker::ours, "returned error: 5"},
    {unreachable, Speaker::ours, "early eof"},
    {unreachable, Speaker::ours, "hung up unexpectedly"},
});

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool contains(std::string_view line, std::string_view phrase) {
  return !std::ranges::search(line, phrase, [](char a, char b) { return lower(a) == b; }).empty();
}

bool occurs(const Phrase& phrase, std::string_view output) {
  while (!output.empty()) {
    const auto end = std::min(output.find('\n'), output.size());
    const auto line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    const auto speaker = line.starts_with("remote:") ? Speaker::remote : Speaker::ours;
    if ((phrase.speaker == speaker || phrase.speaker == Speaker::anybody) && contains(line, phrase.text)) return true;
  }
  return false;
}

}  // namespace

GitFailure classify(std::string_view standard_error) {
  const auto* found =
      std::ranges::find_if(kPhrases, [&](const auto& phrase) { return occurs(phrase, standard_error); });
  return found == kPhrases.end() ? other : found->failure;
}

Blame blame_of(GitFailure failure) {
  switch (failure) {
    case unknown_host:
    case unreachable:
    case untrusted_host:
    case access_denied:
    case not_found:
    case remote_damaged:
    case missing_ref:
    case timed_out:
    case disk_full:  // another copy needs even more room
    case not_run:
      return Blame::remote;
    case other_format:
    case locked:
    case unwritable:
      return Blame::copy;
    case not_fast_forward:
    case no_atomic_push:
    case protected_ref:
    case declined:
    case damaged:  // by the words alone it may be the remote's repository
    case other:
      break;
  }
  return Blame::unknown;
}

std::string_view help_for(GitFailure failure) {
  switch (failure) {
    case unknown_host:
      return "Check the host in the git URL (or the proxy), and that DNS works where fluxd runs.";
    case unreachable:
      return "Check the host and port of the git URL, and that the network lets fluxd get there. fluxd tries again by "
             "itself.";
    case untrusted_host:
      return "If the host is the right one, add its key to the known_hosts file that fluxd's ssh uses, or the "
             "authority "
             "that signed its certificate to http.sslCAInfo in fluxd's git configuration.";
    case access_denied:
      return "Add fluxd's public key (fluxctl identity) to the repository, with write access unless fluxd runs with "
             "--git-readonly; or check the user and token in the git URL.";
    case not_found:
      return "Check the path in the git URL. Many servers say the same when fluxd's key or token may not see the "
             "repository.";
    case not_fast_forward:
      return "Somebody else has pushed meanwhile. Nothing is lost; try again with what they pushed.";
    case no_atomic_push:
      return "The git server takes one branch or note at a time; fluxd does without.";
    case protected_ref:
      return "The server's rules protect this branch or tag. Let fluxd's user push to it, or name another one with "
             "--git-branch or --git-sync-tag.";
    case declined:
      return "The git server did not take what was pushed; its hooks or settings decide that. Lines with `remote:` are "
             "its own words.";
    case remote_damaged:
      return "The repository on the git server lacks something that one of its branches, tags or notes names; `git "
             "fsck` "
             "there tells what. fluxd follows its branch alone as long as that is whole, and puts its sync tag right "
             "with "
             "the next sync.";
    case missing_ref:
      return "Push it, or check the name that fluxd was given.";
    case damaged:
      return "The local copy of the repository seems to be damaged. fluxd checks it and clones it anew if it is; "
             "nothing upstream is affected.";
    case other_format:
      return "The repository's ids are of another kind (SHA-1, SHA-256) than before. fluxd clones it anew.";
    case locked:
      return "A git process that was killed left this lock behind. fluxd clones the repository anew to get rid of it.";
    case unwritable:
      return "The local copy of the repository cannot be written to; fluxd makes another one. If that fails as well, "
             "look "
             "at the volume where it is (TMPDIR, else /tmp).";
    case disk_full:
      return "Make room where fluxd keeps its copy of the repository (TMPDIR, else /tmp); or on the git server, when "
             "the message says `remote:`.";
    case timed_out:
      return "Give git more time with --git-timeout when the repository is large or the way to it slow; otherwise see "
             "whether the git server hangs.";
    case not_run:
      return "Raise the limits of processes and open files where fluxd runs (`ulimit -u`, `ulimit -n`, those of the "
             "pod or "
             "service), and check that git is installed. fluxd tries again by itself.";
    case other:
      break;
  }
  return {};
}

}  // namespace flux::git
