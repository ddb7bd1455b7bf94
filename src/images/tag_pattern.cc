#include "images/tag_pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <optional>

#include "base/ascii.h"
#include "images/go_regexp.h"
#include "images/semver_constraint.h"
#include "model/glob.h"

namespace flux::images {
namespace {

constexpr std::string_view kGlob = "glob:";
constexpr std::string_view kSemver = "semver:";
constexpr std::string_view kRegexp = "regexp:";
constexpr std::string_view kRegex = "regex:";
constexpr std::string_view kLatest = "latest";
constexpr std::size_t kLongestPattern = 4096;

}  // namespace

struct TagPattern::Parsed {
  std::string_view prefix = kGlob;
  std::string text;  ///< without its prefix
  std::string problem;
  std::optional<VersionConstraint> constraint;
  std::unique_ptr<const RE2> regexp;

  explicit Parsed(std::string_view whole) {
    for (const auto known : {kGlob, kSemver, kRegexp, kRegex}) {
      if (!whole.starts_with(known)) continue;
      prefix = known == kRegex ? kRegexp : known;
      whole.remove_prefix(known.size());
      break;
    }
    text = whole;
    if (text.size() > kLongestPattern)
      problem = fmt::format("it is {} bytes long, more than {}", text.size(), kLongestPattern);
    else if (prefix == kSemver)
      read_constraint();
    else if (prefix == kRegexp)
      read_regexp();
  }

  [[nodiscard]] bool matches(std::string_view tag) const {
    if (!problem.empty()) return false;
    if (regexp) return RE2::PartialMatch(re2::StringPiece(tag.data(), tag.size()), *regexp);
    if (!constraint) return glob_match(text, tag);
    const auto version = Version::parse(tag);
    return version && constraint->allows(*version);
  }

 private:
  void read_constraint() {
    if (auto parsed = VersionConstraint::parse(text))
      constraint = std::move(*parsed);
    else
      problem = parsed.error().message + ". " + parsed.error().help;
  }

  void read_regexp() {
    if (auto compiled = compile_go_regexp(text))
      regexp = std::move(*compiled);
    else
      problem = compiled.error().message + ". " + compiled.error().help;
  }
};

TagPattern::TagPattern(std::string_view text) : parsed_(std::make_shared<const Parsed>(text)) {}

std::string TagPattern::to_string() const { return std::string(parsed_->prefix) + parsed_->text; }

const std::string& TagPattern::problem() const { return parsed_->problem; }

Order TagPattern::order() const { return parsed_->prefix == kSemver ? Order::version : Order::created; }

bool TagPattern::shuns(std::string_view tag) const {
  return equal_ignoring_case(tag, kLatest) && !(parsed_->prefix == kGlob && parsed_->text == kLatest);
}

bool TagPattern::matches(std::string_view tag) const { return !shuns(tag) && parsed_->matches(tag); }

bool TagPattern::newer(const ImageInfo& a, const ImageInfo& b) const { return images::newer(place(a), place(b)); }

Place TagPattern::place(const ImageInfo& image) const {
  return {order(), image.id.tag, image.created_at, image.id.to_string()};
}

}  // namespace flux::images
