#include "cli/help_pages.h"

#include <fmt/format.h>

#include "cli/help.h"

namespace flux::cli {
namespace {

constexpr std::string_view kRootAboutHelp = "help for fluxctl";

std::vector<const CommandText*> texts_of(const Commands& commands) {
  std::vector<const CommandText*> texts;
  for (const auto& command : commands) texts.push_back(&command->text());
  return texts;
}

}  // namespace

std::string help_page() {
  GlobalFlags globals;
  const auto commands = all_commands();
  return root_help(texts_of(commands), globals.table(kRootAboutHelp));
}

std::string usage_page() {
  GlobalFlags globals;
  const auto commands = all_commands();
  return root_usage(texts_of(commands), globals.table(kRootAboutHelp));
}

std::string help_page(const Context& ctx, std::string_view name, const Surroundings& surroundings) {
  // Made anew, for its defaults: the fields of the one that is running may have been parsed into.
  const auto commands = all_commands();
  auto& command = **find_command(commands, name);
  command.find_defaults(ctx, surroundings, {});
  GlobalFlags globals;
  const auto about_help = fmt::format("help for {}", name);
  return command_help(command.text(), command.flags(), globals.table(about_help));
}

}  // namespace flux::cli
