#include "base/flags.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/flags_number.h"
#include "base/flags_value.h"

namespace flux {
namespace {

constexpr std::string_view kHint = "Run it with --help to see all flags.";

/// What a flag without a value stands for; empty where it needs one.
std::string_view bare_value(const Flag& flag) {
  if (std::holds_alternative<bool*>(flag.field)) return "true";
  return std::holds_alternative<Count*>(flag.field) ? "+1" : "";
}

std::string shown_name(const Flag& flag) {
  return flag.shorthand != '\0' ? fmt::format("-{}, --{}", flag.shorthand, flag.name) : fmt::format("--{}", flag.name);
}

std::string usage_head(const Flag& flag) {
  const auto type = flag_type_name(flag.field);
  return fmt::format("  {}--{}{}{}", flag.shorthand != '\0' ? fmt::format("-{}, ", flag.shorthand) : "    ", flag.name,
                     type.empty() ? "" : " ", type);
}

}  // namespace

Result<void> FlagSet::parse(const std::vector<std::string>& args) {
  for (auto next = args.begin(); next != args.end() && !help_asked_;) {
    const std::string_view arg = *next++;
    if (arg.size() < 2 || arg.front() != '-') {
      positionals_.emplace_back(arg);
      continue;
    }
    if (arg == "--") {
      positionals_.insert(positionals_.end(), next, args.end());
      return {};
    }
    auto stored =
        arg.starts_with("--") ? parse_long(arg, next, args.end()) : parse_short(arg.substr(1), next, args.end());
    if (!stored) return stored;
  }
  return {};
}

Result<void> FlagSet::parse_long(std::string_view arg, Arguments::const_iterator& next, Arguments::const_iterator end) {
  const auto body = arg.substr(2);
  if (body.starts_with('-') || body.starts_with('='))
    return fail(ErrorKind::user, fmt::format("bad flag syntax: {}", without_secrets(arg)), std::string(kHint));
  const auto equals = body.find('=');
  const auto name = body.substr(0, equals);
  const auto* flag = find(name);
  if (flag == nullptr) {
    help_asked_ = name == "help";
    if (help_asked_) return {};
    return fail(ErrorKind::user, fmt::format("unknown flag: --{}", name), std::string(kHint));
  }
  if (equals != std::string_view::npos) return set(*flag, std::string(body.substr(equals + 1)));
  if (const auto bare = bare_value(*flag); !bare.empty()) return set(*flag, std::string(bare));
  if (next == end) return fail(ErrorKind::user, fmt::format("flag needs an argument: --{}", name), std::string(kHint));
  return set(*flag, *next++);
}

Result<void> FlagSet::parse_short(std::string_view letters, Arguments::const_iterator& next,
                                  Arguments::const_iterator end) {
  while (!letters.empty()) {
    const char letter = letters.front();
    const auto* flag = find(letter);
    if (flag == nullptr) {
      help_asked_ = letter == 'h';
      if (help_asked_) return {};
      return fail(
          ErrorKind::user,
          fmt::format("unknown shorthand flag: '{}' in {}", letter, without_secrets(fmt::format("-{}", letters))),
          "A flag with a long name takes two dashes.");
    }
    // `-l=` alone gives the value `=`; that is how pflag reads it.
    if (letters.size() > 2 && letters[1] == '=') return set(*flag, std::string(letters.substr(2)));
    if (const auto bare = bare_value(*flag); !bare.empty()) {
      if (auto stored = set(*flag, std::string(bare)); !stored) return stored;
      letters.remove_prefix(1);
      continue;
    }
    if (letters.size() > 1) return set(*flag, std::string(letters.substr(1)));
    if (next == end)
      return fail(ErrorKind::user, fmt::format("flag needs an argument: '{}' in -{}", letter, letters),
                  std::string(kHint));
    return set(*flag, *next++);
  }
  return {};
}

Result<void> FlagSet::set(const Flag& flag, const std::string& value) {
  if (auto stored = store_flag_value(flag.field, value, !changed(flag.name)); !stored) {
    const auto shown = without_secrets(value);
    // The reason quotes the value as well.
    const auto reason = shown == value ? stored.error().message : fmt::format("not a {}", flag_type_name(flag.field));
    return fail(ErrorKind::user,
                fmt::format("invalid argument {} for \"{}\" flag: {}", quote(shown), shown_name(flag), reason),
                stored.error().help);
  }
  changed_.emplace(flag.name);
  if (!flag.deprecated.empty())
    notices_.push_back(fmt::format("Flag --{} has been deprecated, {}", flag.name, flag.deprecated));
  return {};
}

const Flag* FlagSet::find(std::string_view name) const {
  const auto found = std::ranges::find(table_, name, &Flag::name);
  return found == table_.end() ? nullptr : &*found;
}

const Flag* FlagSet::find(char shorthand) const {
  const auto found = std::ranges::find(table_, shorthand, &Flag::shorthand);
  return shorthand == '\0' || found == table_.end() ? nullptr : &*found;
}

std::string FlagSet::usage() const {
  std::size_t width = 0;
  for (const auto& flag : table_)
    if (flag.deprecated.empty()) width = std::max(width, usage_head(flag).size());
  std::string text;
  for (const auto& flag : table_) {
    if (!flag.deprecated.empty()) continue;
    const auto preset = flag_default_text(flag.field);
    text += fmt::format("{:<{}}   {}{}\n", usage_head(flag), width, flag.help,
                        preset.empty() ? "" : fmt::format(" (default {})", preset));
  }
  return text;
}

}  // namespace flux
