#include "images/semver_constraint.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <string>

#include "images/semver_term.h"

namespace flux::images {
namespace {

using Term = VersionConstraint::Term;
using Terms = std::vector<Term>;

// The grammar is the library's to the letter, a `|` among the digits included: which constraints there are, and where
// one ends and the next begins without a blank, is told apart by it alone.
constexpr const char* kOperator = "(=|!=|>=|=>|<=|=<|~>|>|<|~|\\^|)";
constexpr const char* kNumber = "[0-9xX*|]+";
constexpr const char* kIdentifiers = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";

struct Grammar {
  std::string version = fmt::format("(v?({0})(\\.{0})?(\\.{0})?(-{1})?(?:\\+{1})?)", kNumber, kIdentifiers);
  RE2 range{fmt::format("\\s*{0}\\s+-\\s+{0}\\s*", version)};
  RE2 term{fmt::format("{}\\s*{}", kOperator, version)};
  RE2 terms{fmt::format("(?:\\s*{}\\s*{}\\s*,?)+", kOperator, version)};
};

const Grammar& grammar() {
  static const Grammar one;
  return one;
}

constexpr std::size_t kVersionGroups = 5;  ///< of Grammar::version: all, major, .minor, .patch, -prerelease

template <std::size_t N>
bool find_next(const RE2& expression, re2::StringPiece text, std::size_t& from,
               std::array<re2::StringPiece, N>& groups) {
  if (!expression.Match(text, from, text.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(N))) return false;
  from = static_cast<std::size_t>(groups[0].data() - text.data()) + groups[0].size();
  return true;
}

/// `A - B` as `>= A, <= B`. What follows B without a comma becomes part of it, as in the library: `1 - 2 3` ends at 23.
std::string spell_out_ranges(const std::string& text) {
  std::string out = text;
  std::array<re2::StringPiece, 1 + 2 * kVersionGroups> found;
  for (std::size_t at = 0; find_next(grammar().range, text, at, found);) {
    const auto range = found[0].as_string();
    out.replace(out.find(range), range.size(),
                fmt::format(">= {}, <= {}", found[1].as_string(), found[1 + kVersionGroups].as_string()));
  }
  return out;
}

Term::Op operator_of(const std::string& text) {
  static constexpr std::pair<const char*, Term::Op> kOperators[] = {
      {"", Term::Op::equal},           {"=", Term::Op::equal},       {"!=", Term::Op::not_equal},
      {">", Term::Op::greater},        {"<", Term::Op::less},        {">=", Term::Op::greater_equal},
      {"=>", Term::Op::greater_equal}, {"<=", Term::Op::less_equal}, {"=<", Term::Op::less_equal},
      {"~", Term::Op::tilde},          {"~>", Term::Op::tilde},      {"^", Term::Op::caret}};
  return std::ranges::find(kOperators, text, &std::pair<const char*, Term::Op>::first)->second;
}

bool is_gap(re2::StringPiece part) {
  part.remove_prefix(part.starts_with(".") ? 1 : 0);
  return part.empty() || part == "x" || part == "X" || part == "*";
}

std::optional<Term> term_of(const std::array<re2::StringPiece, 2 + kVersionGroups>& found) {
  const auto& [all, op, whole, major, minor, patch, prerelease] = found;
  Term term{operator_of(op.as_string()), Term::Gap::none, {}};
  std::string text = whole.as_string();
  if (is_gap(major)) {
    term.gap = Term::Gap::all;
    return term;
  }
  if (is_gap(minor)) {
    term.gap = Term::Gap::minor;
    text = major.as_string() + prerelease.as_string();
  } else if (is_gap(patch)) {
    term.gap = Term::Gap::patch;
    text = major.as_string() + minor.as_string() + prerelease.as_string();
  }
  const auto version = Version::parse(text);
  if (!version) return std::nullopt;
  term.version = *version;
  return term;
}

Failure malformed(const std::string& part) {
  const auto problem = std::ranges::all_of(part, [](char c) { return c == ' ' || c == '\t'; })
                           ? std::string("an alternative of the version constraint is empty")
                           : fmt::format("\"{}\" is no version constraint", part);
  return fail(ErrorKind::user, problem, "Write it like ~1.4, or >=1.2 <2, or 1.x || 2.0.0 - 2.5.0.");
}

Result<Terms> terms_of(const std::string& part) {
  if (!RE2::FullMatch(part, grammar().terms)) return malformed(part);
  Terms terms;
  std::array<re2::StringPiece, 2 + kVersionGroups> found;
  for (std::size_t at = 0; find_next(grammar().term, part, at, found);) {
    const auto term = term_of(found);
    if (!term) return malformed(part);
    terms.push_back(*term);
  }
  return terms;
}

}  // namespace

Result<VersionConstraint> VersionConstraint::parse(std::string_view text) {
  VersionConstraint constraint;
  const auto spelled_out = spell_out_ranges(std::string(text));
  for (std::size_t begin = 0; begin != std::string::npos;) {
    const auto end = spelled_out.find("||", begin);
    auto terms = terms_of(spelled_out.substr(begin, end == std::string::npos ? end : end - begin));
    if (!terms) return Failure(terms.error());
    constraint.alternatives_.push_back(std::move(*terms));
    begin = end == std::string::npos ? end : end + 2;
  }
  return constraint;
}

bool VersionConstraint::allows(const Version& version) const {
  return std::ranges::any_of(alternatives_, [&](const auto& terms) {
    return std::ranges::all_of(terms, [&](const auto& term) { return holds(term, version); });
  });
}

}  // namespace flux::images
