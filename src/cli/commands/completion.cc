#include <fmt/format.h>

#include <algorithm>

#include "base/flags_number.h"
#include "cli/commands/commands.h"
#include "cli/completion/complete.h"
#include "cli/completion/scripts.h"
#include "cli/session.h"

namespace flux::cli {
namespace {

constexpr std::string_view kShells = "bash fish powershell zsh";

class CompletionCommand : public Command {
 public:
  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{
        .name = "completion",
        .summary = "Print a script that lets a shell complete command lines (bash, fish, powershell or zsh)",
        .arguments = "SHELL",
        .examples = "  source <(fluxctl completion bash)",
        .flags_in_usage = false};
    return kText;
  }

  Result<void> check(const Invocation& line) override {
    const auto choose = [](std::string message) {
      return fail(ErrorKind::user, std::move(message), fmt::format("Known are {}.", kShells));
    };
    if (line.positionals.empty()) return choose("please specify a shell");
    if (line.positionals.size() > 1)
      return fail(ErrorKind::user, fmt::format("please specify one of the following shells: {}", kShells));
    const auto found = std::ranges::find(shells(), line.positionals.front(), &Shell::name);
    if (found == shells().end())
      return choose(fmt::format("unsupported shell type {}", quote(line.positionals.front())));
    return {};
  }

  Outcome<void> run(const Context&, Session& session) override {
    session.out() << std::ranges::find(shells(), session.line().positionals.front(), &Shell::name)->script;
    return {};
  }
};

class CompleteCommand : public Command {
 public:
  explicit CompleteCommand(bool descriptions) : descriptions_(descriptions) {}

  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kDescribed{.name = "__complete",
                                        .summary = "Answer a shell's question for completions",
                                        .arguments = "[command-line]",
                                        .hidden = true,
                                        .raw_arguments = true};
    static const CommandText kBare = [] {
      auto text = kDescribed;
      text.name = "__completeNoDesc";
      return text;
    }();
    return descriptions_ ? kDescribed : kBare;
  }

  Result<void> check(const Invocation& line) override {
    if (!line.positionals.empty()) return {};
    return fail(ErrorKind::user, "requires at least 1 arg(s), only received 0");
  }

  Outcome<void> run(const Context&, Session& session) override {
    session.out() << completions_text(complete(session.line().positionals), descriptions_);
    return {};
  }

 private:
  bool descriptions_;
};

}  // namespace

std::unique_ptr<Command> completion_command() { return std::make_unique<CompletionCommand>(); }

std::unique_ptr<Command> complete_command(bool descriptions) { return std::make_unique<CompleteCommand>(descriptions); }

}  // namespace flux::cli
