#include <fmt/format.h>

#include <array>
#include <string_view>

#include "daemon/options_check.h"

// The one list of what is still missing. A feature that lands takes its lines out of here.
namespace flux::daemon {
namespace {

using namespace std::string_view_literals;

// Sorted, as the records come out.
constexpr std::array kNotYet{"connect"sv, "k8s-verbosity"sv, "rpc-timeout"sv, "token"sv};

/// Not there either, but heeded: doing without would apply something else than was meant.
constexpr std::array kStopping{"git-secret"sv, "manifest-generation"sv, "sops"sv};

/// Accepted for ever, never used.
constexpr std::array kUnused{"kubernetes-kubectl"sv};

}  // namespace

std::vector<LogRecord> not_yet_in_effect(const Options& options) {
  std::vector<LogRecord> records;
  for (const auto flag : kNotYet)
    if (options.was_given(flag))
      records.push_back({{"warning", "this version of fluxd does not have this feature yet, the flag has no effect"},
                         {"flag", fmt::format("--{}", flag)}});
  for (const auto flag : kStopping)
    if (options.was_given(flag))
      records.push_back({{"warning",
                          "this version of fluxd does not have this feature yet; syncs stop with an error while the "
                          "repository has files that need it"},
                         {"flag", fmt::format("--{}", flag)}});
  for (const auto flag : kUnused)
    if (options.was_given(flag))
      records.push_back({{"info", "fluxd does not need this flag any more"}, {"flag", fmt::format("--{}", flag)}});
  return records;
}

}  // namespace flux::daemon
