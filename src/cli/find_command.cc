#include "cli/find_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/ascii.h"
#include "base/flags_number.h"

namespace flux::cli {
namespace {

constexpr std::size_t kMaxEdits = 2;

std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

/// Whether an argument is a flag whose value is the next argument.
bool takes_next(std::string_view arg, const std::vector<Flag>& globals) {
  if (!arg.starts_with('-') || arg.find('=') != std::string_view::npos) return false;
  const bool is_long = arg.starts_with("--");
  if (!is_long && arg.size() != 2) return false;
  // --help is not defined yet when the word is looked for, so it counts as unknown.
  const auto known = std::ranges::find_if(
      globals, [&](const Flag& flag) { return is_long ? flag.name == arg.substr(2) : flag.shorthand == arg[1]; });
  return known == globals.end() || known->name == "help" || !std::holds_alternative<bool*>(known->field);
}

}  // namespace

std::optional<std::size_t> find_command_word(const std::vector<std::string>& args, const std::vector<Flag>& globals) {
  for (std::size_t at = 0; at < args.size(); ++at) {
    if (args[at] == "--") return std::nullopt;
    if (takes_next(args[at], globals)) {
      if (args.size() - at <= 2) return std::nullopt;
      ++at;
    } else if (!args[at].empty() && !args[at].starts_with('-')) {
      return at;
    }
  }
  return std::nullopt;
}

std::vector<std::string> similar_names(std::string_view word, const std::vector<std::string>& names) {
  const auto typed = to_lower(word);
  std::vector<std::string> similar;
  std::ranges::copy_if(names, std::back_inserter(similar), [&](const std::string& name) {
    return to_lower(name).starts_with(typed) || edits_between(typed, to_lower(name)) <= kMaxEdits;
  });
  return similar;
}

std::string unknown_command(std::string_view word, const std::vector<std::string>& names) {
  auto text = fmt::format("unknown command {} for \"fluxctl\"", quote(word));
  const auto similar = similar_names(word, names);
  if (similar.empty()) return text;
  text += "\n\nDid you mean this?\n";
  for (const auto& name : similar) text += fmt::format("\t{}\n", name);
  return text;
}

}  // namespace flux::cli
