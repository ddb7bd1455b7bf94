#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/duration.h"
#include "base/result.h"
#include "base/secret.h"

namespace flux {

/// How often a flag was given: each bare use adds one, `--name=3` sets.
struct Count {
  std::int64_t value = 0;
};

/// Where the value of a flag goes. What the field holds before parsing is the flag's default, shown in the usage text.
/// A field that is optional tells "not given" from "given but empty". Secrets have no default and are never shown.
using FlagField = std::variant<bool*, std::string*, Secret*, Duration*, std::int64_t*, std::uint64_t*, double*,
                               std::vector<std::string>*, std::optional<std::uint64_t>*,
                               std::optional<std::vector<std::string>>*, Count*, std::map<std::string, std::string>*>;

/// One row of a table of flags.
struct Flag {
  std::string_view name;  ///< without dashes
  FlagField field;
  std::string_view help;
  char shorthand = '\0';
  std::string_view deprecated =
      {};  ///< what to do instead; such a flag works, prints a notice and is not in the usage text
};

/// Reads a command line by the rules of GNU long options as Go's pflag has them (compat/daemon.md 1.1):
/// `--name=value`, `--name value`, `-n value`, `-n=value`, `-nvalue`; a boolean takes a value only with `=`; positional
/// arguments may stand anywhere; `--` ends the flags. A list flag is one CSV record per occurrence: the first replaces
/// the default, later ones append. A map flag is `key=value`, or a CSV record of them (compat/fluxctl.md 1.1). Integers
/// may be written `0x1f`, `0o17`, `017`, `0b1` and with `_` between digits.
///
/// The fields must outlive the FlagSet. One thread.
class FlagSet {
 public:
  explicit FlagSet(std::vector<Flag> table) : table_(std::move(table)) {}

  /// Stores values into the fields, up to the first error (user; worded as pflag does, `unknown flag: --x`) or
  /// `--help`/`-h`. No error quotes what may be a secret.
  Result<void> parse(const std::vector<std::string>& args);

  [[nodiscard]] bool help_asked() const { return help_asked_; }
  /// Whether the flag was on the command line, be it with its default value.
  [[nodiscard]] bool changed(std::string_view name) const { return changed_.contains(name); }
  [[nodiscard]] const std::set<std::string, std::less<>>& all_changed() const { return changed_; }
  [[nodiscard]] const std::vector<std::string>& positionals() const { return positionals_; }
  /// One line for each use of a deprecated flag, for standard error.
  [[nodiscard]] const std::vector<std::string>& notices() const { return notices_; }

  /// One entry for each flag that is not deprecated, in the order of the table: name, type, help, default.
  /// Call it before parse(), which overwrites the defaults.
  [[nodiscard]] std::string usage() const;

 private:
  using Arguments = std::vector<std::string>;
  Result<void> parse_long(std::string_view arg, Arguments::const_iterator& next, Arguments::const_iterator end);
  Result<void> parse_short(std::string_view letters, Arguments::const_iterator& next, Arguments::const_iterator end);
  Result<void> set(const Flag& flag, const std::string& value);
  [[nodiscard]] const Flag* find(std::string_view name) const;
  [[nodiscard]] const Flag* find(char shorthand) const;

  std::vector<Flag> table_;
  std::set<std::string, std::less<>> changed_;
  std::vector<std::string> positionals_;
  std::vector<std::string> notices_;
  bool help_asked_ = false;
};

}  // namespace flux
