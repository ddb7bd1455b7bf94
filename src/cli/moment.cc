#include "cli/moment.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace flux::cli {
namespace {

constexpr std::chrono::hours kLongestInHours(48);

}  // namespace

std::string age(Duration duration) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(duration).count();
  if (minutes < 1) return fmt::format("{}s", std::max<std::int64_t>(0, duration / std::chrono::seconds(1)));
  if (minutes < 60) return fmt::format("{}m", minutes);
  if (duration < kLongestInHours) return fmt::format("{}h{}m", minutes / 60, minutes % 60);
  return fmt::format("{}d", minutes / 60 / 24);
}

std::string moment(Timestamp time, Timestamp now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC ({} ago)", fmt::gmtime(static_cast<std::time_t>(seconds)),
                     age(now - time));
}

}  // namespace flux::cli
