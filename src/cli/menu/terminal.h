#pragma once

#include <termios.h>

#include <string>
#include <string_view>

#include "base/context.h"
#include "base/descriptor.h"
#include "base/result.h"
#include "cli/menu/menu.h"

namespace flux::cli {

/// The terminal that somebody sits at, wherever our standard streams lead. One thread.
class Terminal {
 public:
  /// By the path of its device. User error when there is none.
  static Result<Terminal> open(const std::string& path);

  [[nodiscard]] TerminalSize size() const;
  /// What was typed; empty when nothing was until the context ended. Server error when the terminal has gone.
  Result<std::string> read(const Bounded& ctx);
  Result<void> write(const Bounded& ctx, std::string_view text);

 private:
  friend class RawMode;
  explicit Terminal(Descriptor device) : device_(std::move(device)) {}

  Descriptor device_;
};

/// While it lives each key comes at once and unseen, ctrl-c among them. Afterwards the terminal is as it was, with its
/// cursor shown.
class RawMode {
 public:
  static Result<RawMode> enter(Terminal& terminal);
  RawMode(RawMode&& other) noexcept : device_(std::exchange(other.device_, -1)), before_(other.before_) {}
  RawMode& operator=(RawMode&&) = delete;
  ~RawMode();

 private:
  RawMode(int device, const termios& before) : device_(device), before_(before) {}

  int device_;  ///< the terminal's, which outlives this; -1: moved away
  termios before_;
};

}  // namespace flux::cli
