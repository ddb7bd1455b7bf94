#include "cli/completion/complete.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/completion/scripts.h"
#include "cli/find_command.h"

namespace flux::cli {
namespace {

using Also = Completions::Also;

bool has_value(const Flag& flag) {
  return !std::holds_alternative<bool*>(flag.field) && !std::holds_alternative<Count*>(flag.field);
}

const Flag* find_flag(const std::vector<Flag>& flags, std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return nullptr;
  const bool is_long = word.starts_with("--");
  const auto found = std::ranges::find_if(flags, [&](const Flag& flag) {
    return is_long ? flag.name == word.substr(2) : flag.shorthand == word.back() && flag.shorthand != '\0';
  });
  return found == flags.end() ? nullptr : &*found;
}

void offer(Completions& to, std::string_view typed, std::string_view text, std::string_view description) {
  if (text.starts_with(typed)) to.candidates.push_back({std::string(text), std::string(description)});
}

Completions values_of(const Flag& flag, std::string_view typed) {
  Completions found;
  if (flag.name == "output-format")
    for (const auto* format : {"json", "tab", "wide", "yaml"})
      if (flag.help.find(format) != std::string_view::npos) offer(found, typed, format, "");
  if (flag.name == "out" || flag.name == "output-dir") found.also = Also::directories;
  return found;
}

Completions flags_for(std::vector<Flag> flags, std::string_view typed) {
  std::ranges::sort(flags, {}, &Flag::name);
  Completions found;
  for (const auto& flag : flags) {
    if (!flag.deprecated.empty()) continue;
    offer(found, typed, fmt::format("--{}", flag.name), flag.help);
    if (flag.shorthand != '\0') offer(found, typed, fmt::format("-{}", flag.shorthand), flag.help);
  }
  return found;
}

Completions commands_for(const Commands& commands, std::string_view typed) {
  Completions found;
  for (const auto& command : commands)
    if (!command->text().hidden) offer(found, typed, command->text().name, command->text().summary);
  return found;
}

Completions arguments_for(const Commands& commands, std::string_view command, std::string_view typed) {
  if (command == "help") return commands_for(commands, typed);
  Completions found;
  if (command == "completion")
    for (const auto& shell : shells()) offer(found, typed, shell.name, "");
  return found;
}

}  // namespace

Completions complete(const std::vector<std::string>& words) {
  if (words.empty()) return {};
  const auto commands = all_commands();
  GlobalFlags globals;
  auto flags = globals.table("help");
  const std::string_view typed = words.back();
  const std::vector<std::string> before(words.begin(), words.end() - 1);
  // One word more than there is, because the last flag of `before` may have its value in the word being typed.
  auto searched = before;
  searched.emplace_back();
  const auto at = find_command_word(searched, flags);
  const auto* command = at ? find_command(commands, before[*at]) : nullptr;
  if (command != nullptr) std::ranges::move((*command)->flags(), std::back_inserter(flags));

  if (std::ranges::find(before, "--") != before.end()) return {};
  if (!before.empty())
    if (const auto* flag = find_flag(flags, before.back()); flag != nullptr && has_value(*flag))
      return values_of(*flag, typed);
  if (const auto equals = typed.find('='); typed.starts_with("--") && equals != std::string_view::npos) {
    const auto* flag = find_flag(flags, typed.substr(0, equals));
    return flag == nullptr ? Completions{} : values_of(*flag, typed.substr(equals + 1));
  }
  if (typed.starts_with('-')) return flags_for(std::move(flags), typed);
  if (command == nullptr) return at ? Completions{} : commands_for(commands, typed);
  return arguments_for(commands, (*command)->text().name, typed);
}

std::string completions_text(const Completions& completions, bool descriptions) {
  std::string text;
  for (const auto& [candidate, description] : completions.candidates)
    text += descriptions && !description.empty() ? fmt::format("{}\t{}\n", candidate, description)
                                                 : fmt::format("{}\n", candidate);
  return text + fmt::format(":{}\n", static_cast<int>(completions.also));
}

}  // namespace flux::cli
