#include "git/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace flux::git {
namespace {

bool is_valid(const Commit& commit) { return commit.signature == 'G'; }

/// What is known of one commit of the range once all its ancestors in it are known.
struct Standing {
  bool good = false;          ///< it and all its ancestors in the range are signed well
  bool after_marker = false;  ///< the marker is among its ancestors
};

std::map<std::string_view, Standing> judge(const std::vector<Commit>& range, const std::string& marker, bool anywhere) {
  std::map<std::string_view, Standing> standings;
  for (auto commit = range.rbegin(); commit != range.rend(); ++commit) {
    Standing standing{is_valid(*commit), anywhere};
    for (const auto& parent : commit->parents) {
      const auto known = standings.find(parent);
      if (known != standings.end() && !known->second.good) standing.good = false;
      if (parent == marker || (known != standings.end() && known->second.after_marker)) standing.after_marker = true;
    }
    standings[commit->revision] = standing;
  }
  return standings;
}

/// The newest commit on the chain of first parents that satisfies both conditions, else the marker.
std::string newest_good(const std::vector<Commit>& range, const std::map<std::string_view, Standing>& standings,
                        const std::string& head, const std::string& marker) {
  std::map<std::string_view, const Commit*> by_revision;
  for (const auto& commit : range) by_revision[commit.revision] = &commit;
  auto at = by_revision.find(head);
  while (at != by_revision.end()) {
    const auto& standing = standings.at(at->first);
    if (standing.good && standing.after_marker) return std::string(at->first);
    const auto& parents = at->second->parents;
    at = parents.empty() ? by_revision.end() : by_revision.find(parents.front());
  }
  return marker;
}

Result<void> check_marker(const Bounded& ctx, const Repository& repository, const std::string& marker) {
  const auto failed = [&](std::string_view why) {
    return fail(
        ErrorKind::server,
        fmt::format("failed to verify signature of last sync'ed revision: failed to verify commit {}{}", marker, why),
        "Move a signed, annotated sync tag to a signed commit by hand to start from there.");
  };
  auto commit = resolve_commit(ctx, repository, marker);
  if (!commit)
    return commit.error().kind == ErrorKind::cancelled ? Failure(commit.error())
                                                       : failed(": " + commit.error().message);
  auto found =
      list_commits(ctx, repository, {.from = {}, .to = *commit, .paths = {}, .alone = true, .signatures = true});
  if (!found) {
    if (found.error().kind == ErrorKind::cancelled) return Failure(found.error());
    return failed(": " + found.error().message);
  }
  return !found->empty() && is_valid(found->front()) ? Result<void>() : failed("");
}

}  // namespace

LatestValid choose_valid(const std::vector<Commit>& range, const std::string& head, const std::string& marker,
                         bool marker_is_ancestor, VerifyMode mode) {
  const auto offender = std::ranges::find_if_not(range.rbegin(), range.rend(), is_valid);
  if (mode == VerifyMode::none || offender == range.rend()) return {head, std::nullopt};
  const bool anywhere = mode == VerifyMode::first_parent || marker.empty() || !marker_is_ancestor;
  return {newest_good(range, judge(range, marker, anywhere), head, marker), *offender};
}

Result<LatestValid> latest_valid(const Bounded& ctx, const Repository& repository, const std::string& head,
                                 const std::string& marker, VerifyMode mode) {
  if (mode == VerifyMode::none) return LatestValid{head, std::nullopt};
  auto full = resolve_commit(ctx, repository, head);
  if (!full) return Failure(full.error());
  bool descends = true;
  if (!marker.empty()) {
    if (auto ok = check_marker(ctx, repository, marker); !ok) return Failure(ok.error());
    auto ancestor = is_ancestor(ctx, repository, marker, *full);
    if (!ancestor) return Failure(ancestor.error());
    descends = *ancestor;
  }
  auto range = list_commits(
      ctx, repository,
      {.from = marker, .to = head, .paths = {}, .first_parent = mode == VerifyMode::first_parent, .signatures = true});
  if (!range) return Failure(range.error());
  return choose_valid(*range, *full, marker, descends, mode);
}

}  // namespace flux::git
