#include "cli/progress.h"

#include <fmt/format.h>

#include <utility>

namespace flux::cli {
namespace {

// Back to the first column, rest of the line erased.
constexpr std::string_view kRewrite = "\r\x1b[K";
// Whoever waits less than this does not wonder.
constexpr Duration kQuietFor = std::chrono::seconds(1);

}  // namespace

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (std::exchange(shown_, false)) surroundings_.err << kRewrite << std::flush;
}

void Progress::say(const std::string& line) {
  clear();
  surroundings_.err << line << '\n' << std::flush;
}

void Progress::show(Duration elapsed) {
  if (!surroundings_.err_is_terminal || elapsed < kQuietFor) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed);
  surroundings_.err << fmt::format("{}waiting {} ({})", kRewrite, what_, format_duration(seconds)) << std::flush;
  shown_ = true;
}

}  // namespace flux::cli
