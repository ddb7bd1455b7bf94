#include "cluster/forward/pod_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/json.h"

namespace flux::cluster {
namespace {

std::string text_at(const SortedJson& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

const SortedJson& member(const SortedJson& object, const char* key) {
  static const SortedJson kNothing = SortedJson::object();
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : kNothing;
}

bool is_ready(const SortedJson& status) {
  const auto conditions = status.find("conditions");
  if (conditions == status.end() || !conditions->is_array()) return false;
  return std::ranges::any_of(*conditions, [](const SortedJson& condition) {
    return condition.is_object() && text_at(condition, "type") == "Ready" && text_at(condition, "status") == "True";
  });
}

Pod decode_pod(const SortedJson& object) {
  const auto& metadata = member(object, "metadata");
  const auto& status = member(object, "status");
  return {text_at(metadata, "namespace"), text_at(metadata, "name"), text_at(status, "phase"), is_ready(status),
          !text_at(metadata, "deletionTimestamp").empty()};
}

bool can_serve(const Pod& pod) { return pod.phase == "Running" && !pod.deleting; }

std::string_view condition_of(const Pod& pod) {
  if (pod.deleting) return "being deleted";
  if (pod.phase != "Running") return pod.phase.empty() ? "of unknown phase" : std::string_view(pod.phase);
  return pod.ready ? "ready" : "not ready";
}

std::string list_of(const std::vector<Pod>& pods) {
  std::string text;
  for (const auto& pod : pods) text += fmt::format("\n  {} ({})", pod.name, condition_of(pod));
  return text;
}

}  // namespace

Result<std::vector<Pod>> decode_pods(std::string_view text) {
  const auto list = parse_sorted_json(text).value_or(nullptr);
  if (!list.is_object() || !list.contains("items"))
    return fail(ErrorKind::server, "the API server's answer is not a list of pods");
  std::vector<Pod> pods;
  for (const auto& item : list["items"])
    if (item.is_object()) pods.push_back(decode_pod(item));
  return pods;
}

PodChoice choose_pod(const std::vector<Pod>& pods, std::string_view current) {
  std::vector<Pod> fit;
  std::ranges::copy_if(pods, std::back_inserter(fit), can_serve);
  const auto is_current = [&](const Pod& pod) { return pod.name == current; };
  if (std::ranges::any_of(fit, is_current)) return {std::string(current), {}};
  if (std::ranges::any_of(fit, &Pod::ready)) std::erase_if(fit, [](const Pod& pod) { return !pod.ready; });
  if (fit.size() == 1) return {fit.front().name, {}};
  std::ranges::sort(fit, {}, &Pod::name);
  return {std::nullopt, std::move(fit)};
}

std::vector<std::string> daemon_selectors(const std::vector<std::pair<std::string, std::string>>& labels) {
  auto sorted = labels;
  std::ranges::sort(sorted);
  std::vector<std::string> terms;
  for (const auto& [key, value] : sorted) terms.push_back(key + "=" + value);
  return {fmt::format("{}", fmt::join(terms, ",")), "name in (flux,fluxd,weave-flux-agent)"};
}

Error no_pod(std::string_view ns, const std::vector<std::string>& selectors, const std::vector<Pod>& unfit,
             const std::vector<Pod>& elsewhere) {
  auto text = fmt::format("No pod found in namespace \"{}\" using the following selectors:", ns);
  for (const auto& selector : selectors) text += "\n  " + selector;
  text += fmt::format(
      "\n\nMake sure Flux is running in namespace \"{}\".\n"
      "If Flux is running in another different namespace, please supply it to --k8s-fwd-ns.",
      ns);
  if (!unfit.empty()) text += "\n\nThese pods match, but are not running:" + list_of(unfit);
  std::set<std::string> namespaces;
  for (const auto& pod : elsewhere)
    if (pod.ns != ns && can_serve(pod)) namespaces.insert(pod.ns);
  if (!namespaces.empty()) text += "\n\nPods with these labels run in other namespaces. Try:";
  for (const auto& other : namespaces) text += "\n  --k8s-fwd-ns=" + other;
  return {ErrorKind::missing, std::move(text), {}};
}

Error ambiguous_pod(std::string_view selector, const std::vector<Pod>& rivals) {
  return {ErrorKind::user,
          fmt::format("Ambiguous pod: found more than one pod for selector: labels \"{}\"\n\nThe pods are:{}\n\n"
                      "Name labels that only one of them has with --k8s-fwd-labels.",
                      selector, list_of(rivals)),
          {}};
}

}  // namespace flux::cluster
