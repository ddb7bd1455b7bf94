#include "yaml/timestamp.h"

#include "base/ascii.h"

namespace flux::yaml {
namespace {

/// Takes a number from the front of a text; after the first failure it stays failed.
class Taker {
 public:
  explicit Taker(std::string_view text) : rest_(text) {}

  int number(std::size_t least, std::size_t most) {
    int value = 0;
    std::size_t count = 0;
    for (; count < most && count < rest_.size() && is_digit(rest_[count]); ++count)
      value = value * 10 + rest_[count] - '0';
    if (count < least) ok_ = false;
    rest_.remove_prefix(count);
    return value;
  }

  void sign(char c) {
    if (!maybe(c)) ok_ = false;
  }

  bool maybe(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// At least one digit after a point or, as Go has it, a comma; absent is fine.
  void fraction() {
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_[1])) return;
    rest_.remove_prefix(1);
    while (!rest_.empty() && is_digit(rest_[0])) rest_.remove_prefix(1);
  }

  void zone() {
    if (maybe('Z')) return;
    if (!maybe('+')) sign('-');
    const int hours = number(2, 2);
    sign(':');
    const int minutes = number(2, 2);
    if (hours > 24 || minutes > 60) ok_ = false;
  }

  void expect(bool condition) { ok_ = ok_ && condition; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool done() const { return ok_ && rest_.empty(); }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

int days_in(int year, int month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

void date(Taker& take) {
  const int year = take.number(4, 4);
  take.sign('-');
  const int month = take.number(1, 2);
  take.sign('-');
  const int day = take.number(1, 2);
  take.expect(month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month));
}

void time_of_day(Taker& take) {
  take.expect(take.number(1, 2) < 24);
  take.sign(':');
  take.expect(take.number(1, 2) < 60);
  take.sign(':');
  take.expect(take.number(1, 2) < 60);
  take.fraction();
}

}  // namespace

bool is_timestamp(std::string_view text) {
  if (text.size() < 8 || text[4] != '-' || !is_digit(text[0])) return false;
  Taker take(text);
  date(take);
  if (!take.ok() || take.at_end()) return take.done();
  if (take.maybe('T') || take.maybe('t')) {
    time_of_day(take);
    take.zone();
    return take.done();
  }
  take.sign(' ');
  while (take.maybe(' ')) continue;
  time_of_day(take);
  return take.done();
}

}  // namespace flux::yaml
