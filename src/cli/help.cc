#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>

namespace flux::cli {
namespace {

constexpr std::string_view kRoot =
    R"(fluxctl inspects and controls a running fluxd: which workloads it looks after, what is in
git and not yet in the cluster, and what it should do next.

Reaching the daemon:

  # fluxd runs in namespace "flux" of the cluster that kubectl talks to
  fluxctl --k8s-fwd-ns=flux list-workloads

  # The same, written once for all commands to come
  export FLUX_FORWARD_NAMESPACE=flux

  # Its API has an address of its own; no Kubernetes access is needed
  fluxctl --url=http://localhost:3030/api/flux list-workloads

A first look:

  fluxctl status                                           # is git applied, and if not, why
  fluxctl list-workloads --all-namespaces                  # what runs, with which images
  fluxctl list-images --workload=shop:deployment/web       # what could run
  fluxctl sync                                             # apply what is in git, now)";

std::string flag_lines(std::vector<Flag> flags) {
  std::ranges::sort(flags, {}, &Flag::name);
  return FlagSet(std::move(flags)).usage();
}

std::string usage_line(const CommandText& text) {
  return fmt::format("  fluxctl {}{}{}{}\n", text.name, text.arguments.empty() ? "" : " ", text.arguments,
                     text.flags_in_usage ? " [flags]" : "");
}

/// The global table holds `--help`, which the layout has among a command's own flags.
std::vector<Flag> move_help(std::vector<Flag>& globals) {
  const auto help = std::ranges::find(globals, "help", &Flag::name);
  std::vector<Flag> moved(help, help == globals.end() ? help : help + 1);
  globals.erase(help, help == globals.end() ? help : help + 1);
  return moved;
}

}  // namespace

std::string command_help(const CommandText& text, std::vector<Flag> own, std::vector<Flag> globals) {
  const auto help = move_help(globals);
  own.insert(own.end(), help.begin(), help.end());
  auto out =
      fmt::format("{}\n\nUsage:\n{}", text.description.empty() ? text.summary : text.description, usage_line(text));
  if (!text.aliases.empty()) out += fmt::format("\nAliases:\n  {}, {}\n", text.name, fmt::join(text.aliases, ", "));
  if (!text.examples.empty()) out += fmt::format("\nExamples:\n{}\n", text.examples);
  return out +
         fmt::format("\nFlags:\n{}\nGlobal Flags:\n{}", flag_lines(std::move(own)), flag_lines(std::move(globals)));
}

std::string root_usage(const std::vector<const CommandText*>& commands, std::vector<Flag> globals) {
  std::string out = "Usage:\n  fluxctl [command]\n\nAvailable Commands:\n";
  std::size_t width = 0;
  for (const auto* text : commands) width = std::max(width, text->hidden ? 0 : text->name.size());
  for (const auto* text : commands)
    if (!text->hidden) out += fmt::format("  {:<{}} {}\n", text->name, width, text->summary);
  return out + fmt::format("\nFlags:\n{}\nUse \"fluxctl [command] --help\" for more information about a command.\n",
                           flag_lines(std::move(globals)));
}

std::string root_help(const std::vector<const CommandText*>& commands, std::vector<Flag> globals) {
  return fmt::format("{}\n\n{}", kRoot, root_usage(commands, std::move(globals)));
}

std::string_view root_description() { return kRoot; }

}  // namespace flux::cli
