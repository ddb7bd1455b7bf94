#include "daemon/options.h"

#include <fmt/format.h>

#include "base/flags.h"
#include "daemon/options_table.h"

namespace flux::daemon {
namespace {

std::string usage_page(const FlagSet& flags) {
  return fmt::format("DESCRIPTION\n  fluxd is the agent of flux.\n\nFLAGS\n{}", flags.usage());
}

}  // namespace

Invocation read_command_line(const std::vector<std::string>& args, std::string_view version, const std::string& home) {
  Invocation invocation;
  auto& options = invocation.options;
  if (!home.empty()) options.kubernetes.kube_config = home + "/.kube/config";

  FlagSet flags(flags_of(options));
  const auto usage = usage_page(flags);
  const auto read = flags.parse(args);
  invocation.notices = flags.notices();
  options.given = flags.all_changed();
  if (!read)
    invocation.exit = ExitNow{2, "", fmt::format("Error: {}\n\n{}", read.error().message, usage)};
  else if (flags.help_asked())
    invocation.exit = ExitNow{0, "", usage};
  else if (options.version)
    invocation.exit = ExitNow{0, fmt::format("{}\n", version), ""};
  return invocation;
}

}  // namespace flux::daemon
