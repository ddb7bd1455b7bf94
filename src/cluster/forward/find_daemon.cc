#include "cluster/forward/find_daemon.h"

#include <fmt/format.h>

#include <iterator>

#include "cluster/forward/pod_choice.h"

namespace flux::cluster {
namespace {

/// `ns` empty: everywhere.
Result<std::vector<Pod>> list_pods(const Bounded& ctx, Access& access, const std::string& ns,
                                   const std::string& selector) {
  const auto scope = ns.empty() ? "" : "/namespaces/" + encode_uri(ns);
  const auto body = access.get(ctx, fmt::format("/api/v1{}/pods?labelSelector={}", scope, encode_uri(selector)));
  if (!body) return Failure(explain_refusal(body.error(), ns));
  return decode_pods(*body);
}

/// For a hint only: whoever may not look into other namespaces gets none.
std::vector<Pod> list_elsewhere(const Bounded& ctx, Access& access, const std::vector<std::string>& selectors) {
  std::vector<Pod> found;
  for (const auto& selector : selectors) {
    auto pods = list_pods(ctx, access, "", selector);
    if (!pods) return found;
    std::ranges::move(*pods, std::back_inserter(found));
  }
  return found;
}

constexpr std::string_view kNoName = "Could not create a dialer: Could not get pod name";

}  // namespace

Result<std::string> find_daemon(const Bounded& ctx, Access& access, const DaemonQuery& query,
                                std::string_view current) {
  const auto selectors = daemon_selectors(query.labels);
  std::vector<Pod> unfit;
  for (const auto& selector : selectors) {
    auto pods = list_pods(ctx, access, query.ns, selector);
    if (!pods) return wrap(pods.error(), fmt::format("{}: Listing pods in kubernetes", kNoName));
    auto choice = choose_pod(*pods, current);
    if (choice.name) return std::move(*choice.name);
    if (!choice.rivals.empty()) return wrap(ambiguous_pod(selector, choice.rivals), kNoName);
    std::ranges::move(*pods, std::back_inserter(unfit));
  }
  return Failure(no_pod(query.ns, selectors, unfit, list_elsewhere(ctx, access, selectors)));
}

}  // namespace flux::cluster
