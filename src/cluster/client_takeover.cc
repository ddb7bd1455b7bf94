#include <utility>

#include "cluster/client.h"
#include "cluster/takeover.h"

namespace flux::cluster {
namespace {

constexpr int kRounds = 5;  // reads of an object that keeps changing before its patch arrives

/// The objects still to be looked at, by their place among the targets.
using Places = std::vector<std::size_t>;

Call read_call(const Client::Target& target) {
  Call call;
  call.path = target.resource.path(target.ns, target.name);
  call.accept = kAcceptMetadata;
  return call;
}

}  // namespace

std::vector<ApiResult<bool>> Client::take_over_all(const Bounded& ctx, std::span<const Target> targets) {
  std::vector<ApiResult<bool>> results(targets.size(), false);
  Places open(targets.size());
  for (std::size_t i = 0; i < open.size(); ++i) open[i] = i;
  for (int round = 1; !open.empty(); ++round) {
    std::vector<std::pair<std::size_t, std::string>> patches;
    call_all(
        ctx, open.size(), [&](std::size_t i) { return read_call(targets[open[i]]); },
        [&](std::size_t i, ApiResult<http::ClientResponse> answer) {
          auto& result = results[open[i]];
          if (!answer) {
            result = ApiFailure(answer.error());
            return;
          }
          auto patch = takeover_patch(answer->body, kFieldManager, targets[open[i]].keep_last_applied,
                                      targets[open[i]].additions);
          if (!patch)
            result = ApiFailure(no_answer(patch.error(), targets[open[i]].name));
          else if (*patch)
            patches.emplace_back(open[i], std::move(**patch));
        });
    open.clear();
    call_all(
        ctx, patches.size(),
        [&](std::size_t i) {
          const auto& target = targets[patches[i].first];
          return patch_call(target.resource, target.ns, target.name, PatchType::json, std::move(patches[i].second));
        },
        [&](std::size_t i, ApiResult<http::ClientResponse> answer) {
          auto& result = results[patches[i].first];
          if (answer)
            result = true;
          else if (answer.error().conflict() && round < kRounds)
            open.push_back(patches[i].first);
          else
            result = ApiFailure(answer.error());
        });
  }
  return results;
}

}  // namespace flux::cluster
