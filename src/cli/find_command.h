#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/flags.h"

namespace flux::cli {

/// Which of the arguments is the sub-command: the first that is neither a flag nor the value of one. Only the global
/// flags are known at that point; any other one is taken to have a value in the next argument unless it is written with
/// `=` (compat/fluxctl.md 1.1). Nothing when there is no such word, or it might be the value of the last flag.
[[nodiscard]] std::optional<std::size_t> find_command_word(const std::vector<std::string>& args,
                                                           const std::vector<Flag>& globals);

/// Those of `names` that somebody who typed `word` may have meant: two edits away at most, or beginning with it; case
/// does not count.
[[nodiscard]] std::vector<std::string> similar_names(std::string_view word, const std::vector<std::string>& names);

/// `unknown command "V" for "fluxctl"`, with suggestions.
[[nodiscard]] std::string unknown_command(std::string_view word, const std::vector<std::string>& names);

}  // namespace flux::cli
