#include "cli/program.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/find_command.h"
#include "cli/help_pages.h"
#include "cli/session.h"

namespace flux::cli {
namespace {

constexpr int kFailed = 1;
constexpr int kInterrupted = 130;

int report(const Context& ctx, Surroundings& surroundings, const CommandError& error, std::string_view command) {
  if (ctx.stopped()) {
    surroundings.err << "Interrupted. The daemon continues with what it was asked to do.\n";
    return kInterrupted;
  }
  surroundings.err << error_text(error, command);
  return kFailed;
}

/// Parses into the fields that `table` is bound to, printing notices on the way.
Result<Invocation> parse(const std::vector<std::string>& args, std::vector<Flag> table, GlobalFlags& globals,
                         std::ostream& err) {
  FlagSet flags(std::move(table));
  const auto parsed = flags.parse(args);
  for (const auto& notice : flags.notices()) err << notice << '\n';
  // Without the advice of the flags: where to find help is said anyway.
  if (!parsed) return fail(parsed.error().kind, parsed.error().message);
  return Invocation{globals, flags.all_changed(), flags.positionals()};
}

int run_root(const Context& ctx, const std::vector<std::string>& args, Surroundings& surroundings) {
  GlobalFlags globals;
  const auto line = parse(args, globals.table(""), globals, surroundings.err);
  if (!line) return report(ctx, surroundings, line.error(), "");
  surroundings.out << help_page();
  return 0;
}

int run_command(const Context& ctx, Command& command, const std::vector<std::string>& args,
                Surroundings& surroundings) {
  const auto& name = command.text().name;
  GlobalFlags globals;
  Invocation line;
  if (command.text().raw_arguments) {
    line.positionals = args;
  } else {
    auto table = globals.table("");
    std::ranges::move(command.flags(), std::back_inserter(table));
    auto parsed = parse(args, std::move(table), globals, surroundings.err);
    if (!parsed) return report(ctx, surroundings, parsed.error(), name);
    line = *std::move(parsed);
  }
  if (globals.help) {
    surroundings.out << help_page(ctx, name, surroundings);
    return 0;
  }
  if (const auto checked = command.check(line); !checked) return report(ctx, surroundings, checked.error(), name);
  command.find_defaults(ctx, surroundings, line.given);
  Session session(surroundings, line);
  if (const auto done = command.run(ctx, session); !done)
    return report(ctx, surroundings, session.explain(ctx, done.error()), name);
  return 0;
}

}  // namespace

std::string error_text(const CommandError& failed, std::string_view command) {
  const auto& [kind, message, help] = failed.error;
  const auto lines = [](std::string_view text) { return fmt::format("{}{}", text, text.ends_with('\n') ? "" : "\n"); };
  if (failed.answered) {
    auto text = fmt::format("== Error ==\n\n{}", lines(help));
    // The explanation is often general; what happened stands in the message.
    if (!message.empty() && help.find(message) == std::string::npos) text += fmt::format("\n{}", lines(message));
    return text;
  }
  return fmt::format("Error: {}\n{}Run 'fluxctl {}{}--help' for usage.\n", message, help.empty() ? "" : lines(help),
                     command, command.empty() ? "" : " ");
}

int run_fluxctl(const Context& ctx, const std::vector<std::string>& args, Surroundings& surroundings) {
  GlobalFlags globals;
  const auto at = find_command_word(args, globals.table(""));
  if (!at) return run_root(ctx, args, surroundings);
  const auto commands = all_commands();
  const auto* command = find_command(commands, args[*at]);
  if (command == nullptr)
    return report(ctx, surroundings, Error{ErrorKind::user, unknown_command(args[*at], visible_names(commands)), ""},
                  "");
  auto rest = args;
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(*at));
  return run_command(ctx, **command, rest, surroundings);
}

}  // namespace flux::cli
