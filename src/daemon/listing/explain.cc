#include "daemon/listing/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "images/choose.h"
#include "images/label_times.h"
#include "images/workload_pattern.h"
#include "model/policy.h"

namespace flux::daemon {
namespace {

using images::Choice;
using images::Outcome;
using images::Why;

/// Its name for machines.
std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::update:
      return "update";
    case Outcome::up_to_date:
      return "up_to_date";
    case Outcome::pinned:
      return "pinned";
    case Outcome::invalid_filter:
      return "invalid_filter";
    case Outcome::not_scanned:
      return "not_scanned";
    case Outcome::no_candidate:
      return "no_candidate";
    case Outcome::missing_metadata:
      return "missing_metadata";
    case Outcome::unknown_time:
      return "unknown_time";
    case Outcome::lower:
      return "lower";
  }
  return {};
}

std::string_view name_of(Why why) {
  switch (why) {
    case Why::nothing:
      return "";
    case Why::older:
      return "older";
    case Why::same_time:
      return "same_time";
    case Why::blocked:
      return "blocked";
    case Why::unknown_time:
      return "unknown_time";
    case Why::filter:
      return "filter";
    case Why::latest:
      return "latest";
    case Why::excluded:
      return "excluded";
    case Why::missing_metadata:
      return "missing_metadata";
    case Why::not_scanned:
      return "not_scanned";
  }
  return {};
}

std::string some_of(std::vector<std::string> tags) {
  constexpr std::size_t kMost = 5;
  const auto all = tags.size();
  if (all > kMost) tags.resize(kMost);
  auto text = fmt::format("{}", fmt::join(tags, ", "));
  return all > kMost ? fmt::format("{} and {} more", text, all - kMost) : text;
}

std::string summary_of(const Choice& choice, const images::TagPattern& filter, const std::string& last_error) {
  switch (choice.outcome) {
    case Outcome::update:
      return fmt::format("{} should run.", choice.tag);
    case Outcome::up_to_date:
      return "It runs the newest image that its filter lets through.";
    case Outcome::pinned:
      return "It names a digest, so it runs exactly that and is never updated.";
    case Outcome::invalid_filter:
      return fmt::format("Its filter is not valid and lets nothing through: {}.", filter.problem());
    case Outcome::not_scanned:
      return last_error.empty() ? "Its image has not been scanned yet."
                                : "Nothing is known of its image, because it could not be scanned.";
    case Outcome::no_candidate:
      return "No tag of its image passes its filter.";
    case Outcome::missing_metadata:
      return fmt::format("Which image is newest is open as long as nothing is known of {}.", some_of(choice.open));
    case Outcome::unknown_time:
      return fmt::format("Which image is newer is open, because nobody says when {} was created.",
                         some_of(choice.open));
    case Outcome::lower:
      return fmt::format(
          "{} is the newest that its filter lets through, but older than what runs; automation stays where "
          "it is. A release goes there if you ask for that image.",
          some_of(choice.open));
  }
  return {};
}

api::ExplainedContainer explain_container(const RunningContainer& running, const Policies& policies,
                                          const KnownImages& known, const ImageListOptions& options) {
  const auto filter = images::workload_pattern(policies, running.name);
  api::ExplainedContainer out{.name = running.name, .image = running.image, .filter = filter.to_string()};
  const auto name = running.image.canonical().name();
  auto repository = (running.image.path.empty() ? std::nullopt : known(name)).value_or(images::Repository());
  images::take_times_from_labels(repository, name, options.use_labels);
  auto choice = images::choose(repository, filter, running.image, images::Mode::automation);
  out.outcome = name_of(choice.outcome);
  out.choice = choice.tag;
  out.last_error = repository.last_error;
  out.scanned = repository.last_update;
  out.summary = summary_of(choice, filter, repository.last_error);
  out.tags.reserve(choice.verdicts.size());
  for (auto& verdict : choice.verdicts) {
    if (verdict.why == Why::excluded && !options.all_tags) continue;
    api::ExplainedTag tag{.tag = verdict.tag, .why = std::string(name_of(verdict.why))};
    if (const auto info = repository.images.find(verdict.tag); info != repository.images.end())
      tag.created = info->second.created_at;
    tag.reason = images::to_text(verdict.why);
    if (!verdict.detail.empty()) tag.reason += ": " + verdict.detail;
    out.tags.push_back(std::move(tag));
  }
  return out;
}

std::vector<std::string> notes_of(const cluster::LiveWorkload& workload, const GitFacts& git, const Policies& policies,
                                  bool in_git) {
  std::vector<std::string> notes;
  if (!in_git) {
    notes.push_back(git.manifests ? "It is not in the git repository, so fluxd does not update it."
                                  : "The git repository could not be looked at, so its policies are not known.");
    return notes;
  }
  const auto is = [&](const char* policy) {
    const auto found = policies.find(policy);
    return found != policies.end() && found->second == "true";
  };
  if (!is("automated")) notes.emplace_back("It is not automated: only a release updates it.");
  if (is("locked")) {
    const auto said = policies.find("locked_msg");
    notes.push_back(said == policies.end() || said->second.empty()
                        ? "It is locked, so nothing but a forced release updates it."
                        : fmt::format("It is locked ({}), so nothing but a forced release updates it.", said->second));
  }
  if (is("ignore")) notes.emplace_back("It is ignored in git, so nothing updates it.");
  const auto annotation = workload.annotations.find("fluxcd.io/ignore");
  if (annotation != workload.annotations.end() && annotation->second == "true" && !is("ignore"))
    notes.emplace_back("It is ignored in the cluster, so nothing updates it.");
  if (git.read_only) notes.emplace_back("fluxd may only read the git repository.");
  return notes;
}

}  // namespace

api::Explanation explain(const cluster::LiveWorkload& workload, const GitFacts& git, const KnownImages& known,
                         const ImageListOptions& options) {
  static const Policies kNone;
  const auto* in_git = git.manifests ? git.manifests->find(workload.id) : nullptr;
  const auto& policies = in_git ? in_git->manifest->policies : kNone;
  api::Explanation out{.id = workload.id, .notes = notes_of(workload, git, policies, in_git != nullptr)};
  for (const auto& running : running_containers(workload))
    out.containers.push_back(explain_container(running, policies, known, options));
  return out;
}

}  // namespace flux::daemon
