#pragma once

#include <set>
#include <string>
#include <utility>

#include "base/log.h"
#include "daemon/options_check.h"

namespace flux::daemon {

/// Logs what is wrong at each of many rounds only when it was not so in the round before. One thread.
class Complaints {
 public:
  explicit Complaints(Log log) : log_(std::move(log)) {}

  void begin_round() { last_ = std::exchange(now_, {}); }
  void operator()(const LogRecord& record, std::source_location where = std::source_location::current()) {
    const auto [said, is_new] = now_.insert(format_logfmt(record));
    if (is_new && !last_.contains(*said)) write(log_, record, where);
  }

 private:
  const Log log_;
  std::set<std::string> last_;
  std::set<std::string> now_;
};

}  // namespace flux::daemon
