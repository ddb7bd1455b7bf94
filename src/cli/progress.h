#pragma once

#include <string>

#include "cli/surroundings.h"

namespace flux::cli {

/// One line on standard error that says what is being waited for and since when, rewritten in place and gone at the
/// end. Only on a terminal: nothing is written anywhere else.
class Progress {
 public:
  Progress(Surroundings& surroundings, std::string what) : surroundings_(surroundings), what_(std::move(what)) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void show(Duration elapsed);
  /// Writes a line that stays, also where there is no terminal.
  void say(const std::string& line);

 private:
  void clear();

  Surroundings& surroundings_;
  std::string what_;
  bool shown_ = false;
};

}  // namespace flux::cli
