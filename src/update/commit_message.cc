#include "update/commit_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace flux::update {
namespace {

std::string joined(const std::vector<std::string>& texts) { return fmt::format("{}", fmt::join(texts, ", ")); }

/// `<all latest>` is for programs.
std::string without_brackets(std::string_view text) {
  const auto begin = text.find_first_not_of("<>");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of("<>") + 1 - begin));
}

std::string message_of(const ReleaseImageSpec& spec) {
  std::vector<std::string> workloads;
  for (const auto& each : spec.workloads) workloads.push_back(without_brackets(each));
  return fmt::format("Release {} to {}", without_brackets(spec.image), joined(workloads));
}

std::string message_of_automation(const UpdateResult& result) {
  std::set<std::string> images;
  for (const auto& [id, workload] : result)
    if (workload.status == WorkloadStatus::success)
      for (const auto& update : workload.containers) images.insert(update.target.to_string());
  if (images.empty()) return "Auto-release (no images)\n";
  if (images.size() == 1) return "Auto-release " + *images.begin();
  auto text = fmt::format("Auto-release multiple ({}) images\n\n", images.size());
  for (const auto& image : images) text += " - " + image + "\n";
  return text;
}

std::string message_of_containers(const UpdateResult& result) {
  std::vector<std::string> ids;
  std::string details;
  for (const auto& id : ids_with_status(result, WorkloadStatus::success)) {
    ids.push_back(id.to_string());
    details += "\n" + ids.back() + "\n";
    for (const auto& update : result.at(id).containers) details += "- " + update.target.to_string() + "\n";
  }
  auto text = fmt::format("Update image refs in {}\n{}", joined(ids), details);
  if (const auto failures = error_of(result); !failures.empty()) text += "\n" + failures;
  return text;
}

/// In the order in which they are told.
enum class PolicyEvent { automated, deautomated, locked, unlocked, updated };
constexpr std::array<std::string_view, 5> kPolicyEvents{"Automated", "Deautomated", "Locked", "Unlocked",
                                                        "Updated policies"};

std::vector<std::string> policy_lines(const PolicyUpdates& updates) {
  std::map<PolicyEvent, std::set<std::string>> events;
  for (const auto& [id, update] : updates) {
    const auto name = id.to_string();
    for (const auto& [policy, value] : update.add)
      events[policy == "automated" ? PolicyEvent::automated
             : policy == "locked"  ? PolicyEvent::locked
                                   : PolicyEvent::updated]
          .insert(name);
    for (const auto& [policy, value] : update.remove)
      events[policy == "automated" ? PolicyEvent::deautomated
             : policy == "locked"  ? PolicyEvent::unlocked
                                   : PolicyEvent::updated]
          .insert(name);
  }
  std::vector<std::string> lines;
  for (const auto& [event, ids] : events)
    lines.push_back(fmt::format("{}: {}", kPolicyEvents.at(static_cast<std::size_t>(event)), fmt::join(ids, ", ")));
  return lines;
}

std::string message_of(const PolicyUpdates& updates, const std::string& cause) {
  const auto lines = policy_lines(updates);
  if (cause.empty() && lines.size() == 1) return lines.front() + "\n";
  auto text = (cause.empty() ? "Updated workload policies" : cause) + "\n\n";
  for (const auto& line : lines) text += "- " + line + "\n";
  return text;
}

}  // namespace

std::string commit_message(const UpdateSpec& spec, const UpdateResult& result) {
  const auto& cause = spec.cause.message;
  if (const auto* policies = std::get_if<PolicyUpdates>(&spec.detail)) return message_of(*policies, cause);
  if (!cause.empty()) return cause;
  if (const auto* image = std::get_if<ReleaseImageSpec>(&spec.detail)) return message_of(*image);
  if (std::holds_alternative<ReleaseContainersSpec>(spec.detail)) return message_of_containers(result);
  if (std::holds_alternative<AutomatedSpec>(spec.detail)) return message_of_automation(result);
  return {};
}

}  // namespace flux::update
