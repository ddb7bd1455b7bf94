#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "base/flags.h"
#include "cli/surroundings.h"
#include "model/update_spec.h"

namespace flux::cli {

/// `--message` and `--user` of the commands that commit.
struct CauseFlags {
  std::string message;
  std::string user;

  std::vector<Flag> table();
  [[nodiscard]] UpdateCause cause() const { return {message, user}; }
};

/// Who runs this, by git's configuration: `NAME <EMAIL>`, or whichever is set; empty when neither is or there is no git
/// (compat/fluxctl.md 2).
[[nodiscard]] std::string git_identity(const Context& ctx, const Surroundings& surroundings);

}  // namespace flux::cli
