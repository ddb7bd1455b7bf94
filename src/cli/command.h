#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/flags.h"
#include "cli/outcome.h"
#include "cli/surroundings.h"

namespace flux::cli {

class Session;

/// What help says about a command (compat/fluxctl.md 1.8). All text outlives the program.
struct CommandText {
  std::string_view name;
  std::string_view summary;        ///< one line
  std::string_view description{};  ///< empty: the summary
  std::string_view arguments{};    ///< in the usage line, after the name
  std::string_view examples{};
  std::vector<std::string_view> aliases{};
  bool flags_in_usage = true;
  bool hidden = false;
  bool raw_arguments = false;  ///< its arguments are not parsed for flags
};

/// The flags that every command has, with their defaults (compat/fluxctl.md 1.2).
struct GlobalFlags {
  std::string context;
  std::string forward_ns = "default";
  std::map<std::string, std::string> forward_labels{{"app", "flux"}};
  std::string url;
  Secret token;
  Duration timeout = std::chrono::minutes(1);
  bool help = false;

  /// Bound to these fields, which must outlive the table, as must what is said of `--help`.
  std::vector<Flag> table(std::string_view about_help);
};

/// A command line after parsing, as far as all commands share it.
struct Invocation {
  GlobalFlags globals;
  std::set<std::string, std::less<>> given;  ///< names of flags on the command line
  std::vector<std::string> positionals;
};

/// One sub-command. It is made for one run: flags() binds its fields, parsing fills them in, then check() and run().
class Command {
 public:
  virtual ~Command() = default;
  [[nodiscard]] virtual const CommandText& text() const = 0;
  /// Its own flags, without `--help`.
  virtual std::vector<Flag> flags() { return {}; }
  /// Fills in what flags that were not `given` default to in these surroundings; before help is printed, before run().
  virtual void find_defaults(const Context&, const Surroundings&, const std::set<std::string, std::less<>>& given);
  /// Everything that can be said about the arguments without a daemon. User errors.
  virtual Result<void> check(const Invocation& line);
  virtual Outcome<void> run(const Context& ctx, Session& session) = 0;
};

/// `expected no (non-flag) arguments` when there are any.
[[nodiscard]] Result<void> refuse_positionals(const Invocation& line);

using Commands = std::vector<std::unique_ptr<Command>>;

/// All commands, sorted by name.
[[nodiscard]] Commands all_commands();
/// The one with that name or alias; nullptr when there is none.
[[nodiscard]] const std::unique_ptr<Command>* find_command(const Commands& commands, std::string_view word);
/// Of those that help shows.
[[nodiscard]] std::vector<std::string> visible_names(const Commands& commands);

}  // namespace flux::cli
