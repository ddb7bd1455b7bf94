#include "cli/menu/choose.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace flux::cli {
namespace {

constexpr std::string_view kHideCursor = "\x1b[?25l";
// Long enough for the rest of an arrow key over a slow line, short enough for Esc and for a window that is dragged.
constexpr Duration kMoment = std::chrono::milliseconds(200);
// A terminal that was stopped with ctrl-s does not take anything.
constexpr Duration kWriteTimeout = std::chrono::minutes(1);

/// Moves up to where the text began and takes away all from there. Terminals wrap old lines anew when they are resized.
std::string erase(const std::string& text, TerminalSize size) {
  return fmt::format("\x1b[{}A\r\x1b[J", screen_rows(text, size.columns));
}

}  // namespace

Result<std::optional<ChosenUpdates>> choose(const Context& ctx, Terminal& terminal, Menu menu) {
  const auto raw = RawMode::enter(terminal);
  if (!raw) return Failure(raw.error());
  const auto write = [&](const std::string& text) { return terminal.write(ctx.with_timeout(kWriteTimeout), text); };
  KeyReader keys;
  auto size = terminal.size();
  auto drawn = menu.draw(size);
  if (auto shown = write(fmt::format("{}{}", drawn, kHideCursor)); !shown) return Failure(shown.error());
  for (;;) {
    const auto typed = terminal.read(ctx.with_timeout(kMoment));
    if (!typed) return Failure(typed.error());
    if (ctx.done()) return Failure(ctx.check().error());
    const auto pressed = typed->empty() ? keys.pause() : keys.feed(*typed);
    for (const auto key : pressed) {
      if (key == Key::abort) return std::nullopt;
      if (key == Key::submit) {
        if (auto ended = write("\n"); !ended) return Failure(ended.error());
        return menu.chosen();
      }
      menu.press(key);
    }
    const auto before = std::exchange(size, terminal.size());
    if (pressed.empty() && size == before) continue;
    const auto old = std::exchange(drawn, menu.draw(size));
    if (auto shown = write(erase(old, size) + drawn); !shown) return Failure(shown.error());
  }
}

}  // namespace flux::cli
