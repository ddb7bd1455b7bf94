#include "yaml/key_order.h"

#include <algorithm>
#include <bit>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "base/ascii.h"
#include "yaml/letters.h"

namespace flux::yaml {
namespace {

/// The order of Go's reflect kinds, which decides between keys of different types.
int rank(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return 0;
    case Kind::integer:
      return 1;
    case Kind::natural:
      return 2;
    case Kind::real:
      return 3;
    case Kind::null:
      return 4;
    default:
      return 5;
  }
}

double as_real(const Cell& cell) {
  switch (cell.kind) {
    case Kind::boolean:
      return cell.payload.boolean ? 1 : 0;
    case Kind::integer:
      return static_cast<double>(cell.payload.integer);
    case Kind::natural:
      return static_cast<double>(cell.payload.natural);
    default:
      return cell.payload.real;
  }
}

/// Between keys of the same kind; the largest doubles cannot tell neighbouring integers apart.
bool exactly_less(const Cell& a, const Cell& b) {
  switch (a.kind) {
    case Kind::boolean:
      return !a.payload.boolean && b.payload.boolean;
    case Kind::integer:
      return a.payload.integer < b.payload.integer;
    case Kind::natural:
      return a.payload.natural < b.payload.natural;
    default:
      return a.payload.real < b.payload.real;
  }
}

std::string_view text_of(const Cell& cell) { return {cell.payload.text.data, cell.payload.text.size}; }

std::u32string decode(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t k) { return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U; };
    const auto lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t k = 1; k < length; ++k) c = c << 6U | (byte(k) & 0x3FU);
    out += c;
    i += length;
  }
  return out;
}

char32_t code(char c) { return static_cast<unsigned char>(c); }
char32_t code(char32_t c) { return c; }

struct DigitRun {
  std::uint64_t value;  ///< modulo 2^64, as the original's arithmetic is
  std::size_t end;
};

template <class Text>
DigitRun digit_run(const Text& text, std::size_t at, std::uint64_t before) {
  while (at < text.size() && is_decimal_digit(code(text[at])))
    before = before * 10 + code(text[at++]) - static_cast<std::uint64_t>('0');
  return {before, at};
}

/// Whether a number other than zeros ends just before `at`, so that a zero there counts.
template <class Text>
bool within_number(const Text& text, std::size_t at) {
  for (; at > 0 && is_decimal_digit(code(text[at - 1])); --at)
    if (text[at - 1] != '0') return true;
  return false;
}

template <class Text>
bool text_less(const Text& a, const Text& b) {
  const auto [in_a, in_b] = std::ranges::mismatch(a, b);
  if (in_a == a.end() || in_b == b.end()) return a.size() < b.size();
  const auto at = static_cast<std::size_t>(in_a - a.begin());
  const auto x = code(*in_a);
  const auto y = code(*in_b);
  if (is_letter(x) || is_letter(y)) return is_letter(x) && is_letter(y) ? x < y : is_letter(y);
  const auto before = (x == '0' || y == '0') && within_number(a, at) ? 1U : 0U;
  const auto run_a = digit_run(a, at, before);
  const auto run_b = digit_run(b, at, before);
  if (run_a.value != run_b.value)
    return static_cast<std::int64_t>(run_a.value) < static_cast<std::int64_t>(run_b.value);
  if (run_a.end != run_b.end) return run_a.end < run_b.end;
  return x < y;
}

/// A total order that has nothing to do with meaning: bytes for strings.
std::strong_ordering plain_order(const Cell& a, const Cell& b) {
  if (a.kind != b.kind) return a.kind <=> b.kind;
  switch (a.kind) {
    case Kind::null:
      return std::strong_ordering::equal;
    case Kind::boolean:
      return a.payload.boolean <=> b.payload.boolean;
    case Kind::string:
      return text_of(a) <=> text_of(b);
    case Kind::real:
      if (a.payload.real == b.payload.real) return std::strong_ordering::equal;
      return std::bit_cast<std::uint64_t>(a.payload.real) <=> std::bit_cast<std::uint64_t>(b.payload.real);
    default:
      return a.payload.natural <=> b.payload.natural;
  }
}

struct Keyed {
  const Cell* key;
  EntryCells entry;
};

/// A stable merge sort. It stays within its range, and its outcome depends on the input alone, when `less` is not
/// transitive, which the standard algorithms do not promise.
template <class Less>
void sort(std::span<Keyed> range, std::span<Keyed> spare, const Less& less) {
  constexpr std::size_t kShort = 12;
  if (range.size() <= kShort) {
    for (std::size_t i = 1; i < range.size(); ++i)
      for (std::size_t k = i; k > 0 && less(range[k], range[k - 1]); --k) std::swap(range[k], range[k - 1]);
    return;
  }
  const auto half = range.size() / 2;
  sort(range.first(half), spare, less);
  sort(range.subspan(half), spare, less);
  std::ranges::copy(range.first(half), spare.begin());
  std::size_t left = 0;
  std::size_t right = half;
  for (std::size_t out = 0; left < half; ++out) {
    const bool take_right = right < range.size() && less(range[right], spare[left]);
    range[out] = take_right ? range[right++] : spare[left++];
  }
}

template <class Less>
void sort(std::vector<Keyed>& entries, const Less& less) {
  std::vector<Keyed> spare(entries.size() / 2 + 1);
  sort(std::span(entries), std::span(spare), less);
}

}  // namespace

bool natural_less(const Cell& a, const Cell& b) {
  if (a.kind == Kind::string && b.kind == Kind::string) {
    const auto x = text_of(a);
    const auto y = text_of(b);
    return is_ascii(x) && is_ascii(y) ? text_less(x, y) : text_less(decode(x), decode(y));
  }
  const int rank_a = rank(a.kind);
  const int rank_b = rank(b.kind);
  if (rank_a < 4 && rank_b < 4) {
    const double x = as_real(a);
    const double y = as_real(b);
    if (x != y) return x < y;
    return a.kind == b.kind ? exactly_less(a, b) : rank_a < rank_b;
  }
  return rank_a < rank_b;
}

void order_entries(std::vector<EntryCells>& entries, const CellOfKey& key) {
  std::vector<Keyed> keyed;
  keyed.reserve(entries.size());
  for (const auto& entry : entries) keyed.push_back({&key(entry.first), entry});

  sort(keyed, [](const Keyed& a, const Keyed& b) { return plain_order(*a.key, *b.key) < 0; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < keyed.size(); ++i) {
    const bool repeats = kept > 0 && plain_order(*keyed[kept - 1].key, *keyed[i].key) == 0;
    keyed[repeats ? kept - 1 : kept++] = keyed[i];
  }
  keyed.resize(kept);
  sort(keyed, [](const Keyed& a, const Keyed& b) { return natural_less(*a.key, *b.key); });

  entries.clear();
  for (const auto& [cell, entry] : keyed) entries.push_back(entry);
}

}  // namespace flux::yaml
