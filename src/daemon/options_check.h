#pragma once

#include <optional>
#include <source_location>
#include <vector>

#include "base/log.h"
#include "daemon/options.h"

namespace flux::daemon {

/// The fields of one log record.
using LogRecord = std::vector<LogField>;

/// Where the commit synced last is kept.
enum class SyncState { git, secret };

/// Which commits must carry a good signature.
enum class VerifyMode { none, all, first_parent };

/// What the flags come to.
struct Settings {
  /// The flags with aliases resolved: automation interval, sync tag and notes ref (after --git-label), CI skip message
  /// (what to append to commit messages), allowed namespaces (after --k8s-namespace-whitelist).
  Options options;
  SyncState sync_state = SyncState::git;
  bool secret_was_asked_for = false;  ///< by --sync-state, not only because of --git-readonly
  VerifyMode verify = VerifyMode::none;
  bool git_over_http = false;  ///< no deploy key is made or used then

  std::optional<LogRecord> fatal;  ///< to be logged alone; then exit with status 1
  std::vector<LogRecord> records;  ///< to be logged in this order where nothing is fatal
};

/// Holds the flags against each other (compat/daemon.md 1.3). Pure.
[[nodiscard]] Settings check(Options options);

/// One record for each given flag that this fluxd takes but does not honour yet, in the order of their names.
[[nodiscard]] std::vector<LogRecord> not_yet_in_effect(const Options& options);

/// Logs a record that was made elsewhere.
void write(const Log& log, const LogRecord& record, std::source_location where = std::source_location::current());

}  // namespace flux::daemon
