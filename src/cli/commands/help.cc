#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/help_pages.h"
#include "cli/session.h"

namespace flux::cli {
namespace {

class HelpCommand : public Command {
 public:
  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{.name = "help",
                                   .summary = "Show how to use a command",
                                   .description = "Show how to use a command: the same as --help after its name.",
                                   .arguments = "[command]"};
    return kText;
  }

  Result<void> check(const Invocation&) override { return {}; }

  /// An unknown topic is no failure (compat/fluxctl.md 1.8).
  Outcome<void> run(const Context& ctx, Session& session) override {
    const auto& topics = session.line().positionals;
    if (topics.empty()) {
      session.out() << help_page();
      return {};
    }
    const auto commands = all_commands();
    if (const auto* command = find_command(commands, topics.front()))
      session.out() << help_page(ctx, (*command)->text().name, session.surroundings());
    else
      session.err() << fmt::format("Unknown help topic [`{}`]\n{}", fmt::join(topics, "` `"), usage_page());
    return {};
  }
};

}  // namespace

std::unique_ptr<Command> help_command() { return std::make_unique<HelpCommand>(); }

}  // namespace flux::cli
