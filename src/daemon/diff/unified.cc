#include "daemon/diff/unified.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace flux::daemon {
namespace {

constexpr std::size_t kAround = 3;        // equal lines shown before and after a change
constexpr std::size_t kMostEdits = 1000;  // beyond, the search would cost more than its result is worth

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// One line of both texts, or of one of them.
struct Edit {
  char sign = ' ';
  std::string_view line;
};

using Edits = std::vector<Edit>;

void append(Edits& to, char sign, const Lines& lines, std::size_t from, std::size_t end) {
  for (; from < end; ++from) to.push_back({sign, lines[from]});
}

/// The shortest way from one text to the other (Myers' greedy search): `reach[d]` holds, for each diagonal, how far
/// into `a` one gets with d edits.
class ShortestEdit {
 public:
  ShortestEdit(const Lines& a, const Lines& b, std::size_t a_begin, std::size_t a_end, std::size_t b_begin,
               std::size_t b_end)
      : a_(a), b_(b), a_begin_(a_begin), b_begin_(b_begin), n_(a_end - a_begin), m_(b_end - b_begin) {}

  /// False when there are more than kMostEdits.
  bool find() {
    for (std::size_t d = 0; d <= kMostEdits; ++d) {
      std::vector<long> now(2 * d + 3, 0);
      for (long k = -static_cast<long>(d); k <= static_cast<long>(d); k += 2) {
        auto x = d == 0 ? 0 : start(trace_.back(), d, k);
        auto y = x - k;
        while (x < static_cast<long>(n_) && y < static_cast<long>(m_) && same(x, y)) ++x, ++y;
        now[place(d, k)] = x;
        if (x >= static_cast<long>(n_) && y >= static_cast<long>(m_)) {
          trace_.push_back(std::move(now));
          return true;
        }
      }
      trace_.push_back(std::move(now));
    }
    return false;
  }

  /// After find(): the edits in order.
  [[nodiscard]] Edits edits() const {
    Edits backwards;
    auto x = static_cast<long>(n_);
    auto y = static_cast<long>(m_);
    for (std::size_t d = trace_.size() - 1; d > 0; --d) {
      const auto& before = trace_[d - 1];
      const auto k = x - y;
      const bool down = goes_down(before, d, k);
      const auto from_k = down ? k + 1 : k - 1;
      const auto from_x = at(before, d - 1, from_k);
      for (const auto edit_x = from_x + (down ? 0 : 1); x > edit_x; --y) backwards.push_back({' ', a(--x)});
      if (down)
        backwards.push_back({'+', b(--y)});
      else
        backwards.push_back({'-', a(--x)});
    }
    while (x > 0) backwards.push_back({' ', a(--x)});
    std::ranges::reverse(backwards);
    return backwards;
  }

 private:
  [[nodiscard]] std::string_view a(long x) const { return a_[a_begin_ + static_cast<std::size_t>(x)]; }
  [[nodiscard]] std::string_view b(long y) const { return b_[b_begin_ + static_cast<std::size_t>(y)]; }
  [[nodiscard]] bool same(long x, long y) const { return a(x) == b(y); }

  /// The diagonals -d-1 to d+1 of one step.
  static std::size_t place(std::size_t d, long k) { return static_cast<std::size_t>(k + static_cast<long>(d) + 1); }
  static long at(const std::vector<long>& row, std::size_t d, long k) { return row[place(d, k)]; }
  static bool goes_down(const std::vector<long>& before, std::size_t d, long k) {
    const auto last = static_cast<long>(d);
    return k == -last || (k != last && at(before, d - 1, k - 1) < at(before, d - 1, k + 1));
  }
  static long start(const std::vector<long>& before, std::size_t d, long k) {
    return goes_down(before, d, k) ? at(before, d - 1, k + 1) : at(before, d - 1, k - 1) + 1;
  }

  const Lines& a_;
  const Lines& b_;
  std::size_t a_begin_;
  std::size_t b_begin_;
  std::size_t n_;
  std::size_t m_;
  std::vector<std::vector<long>> trace_;
};

Edits edits_between(const Lines& a, const Lines& b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const auto a_end = a.size() - tail;
  const auto b_end = b.size() - tail;

  Edits edits;
  append(edits, ' ', a, 0, head);
  if (ShortestEdit search(a, b, head, a_end, head, b_end); search.find()) {
    for (const auto& edit : search.edits()) edits.push_back(edit);
  } else {
    append(edits, '-', a, head, a_end);
    append(edits, '+', b, head, b_end);
  }
  append(edits, ' ', a, a_end, a.size());
  return edits;
}

/// `12,7`; of an empty range the line before it.
std::string range(std::size_t first, std::size_t count) {
  if (count == 1) return std::to_string(first + 1);
  return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

/// The end of the hunk that begins with the change at `from`: its changes are at most twice kAround lines apart.
std::size_t end_of_hunk(const Edits& edits, std::size_t from) {
  std::size_t last = from;
  for (std::size_t i = from; i < edits.size() && i - last <= 2 * kAround + 1; ++i)
    if (edits[i].sign != ' ') last = i;
  return std::min(edits.size(), last + 1 + kAround);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after) {
  if (before == after) return {};
  const auto a = lines_of(before);
  const auto b = lines_of(after);
  const auto edits = edits_between(a, b);
  std::string out;
  std::size_t shown = 0;  // edits already told of, and the lines of both texts that lie before them
  std::size_t a_line = 0;
  std::size_t b_line = 0;
  const auto pass = [&](std::size_t end, std::string* to) {
    for (; shown < end; ++shown) {
      const auto& edit = edits[shown];
      a_line += edit.sign != '+';
      b_line += edit.sign != '-';
      if (to) to->append(1, edit.sign).append(edit.line).append("\n");
    }
  };
  for (;;) {
    const auto change = std::find_if(edits.begin() + static_cast<std::ptrdiff_t>(shown), edits.end(),
                                     [](const Edit& edit) { return edit.sign != ' '; });
    if (change == edits.end()) return out;
    const auto first = static_cast<std::size_t>(change - edits.begin());
    pass(std::max(shown, first < kAround ? 0 : first - kAround), nullptr);
    const auto a_first = a_line;
    const auto b_first = b_line;
    std::string body;
    pass(end_of_hunk(edits, first), &body);
    out += fmt::format("@@ -{} +{} @@\n", range(a_first, a_line - a_first), range(b_first, b_line - b_first)) + body;
  }
}

}  // namespace flux::daemon
