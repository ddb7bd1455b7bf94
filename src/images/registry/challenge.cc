#include "images/registry/challenge.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/ascii.h"

namespace flux::images {
namespace {

constexpr std::string_view kBetweenWords = " \t";

/// Reads one header front to back.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : text_(text) {}

  void read(std::vector<Challenge>& into) {
    while (skip(", \t"), !text_.empty()) {
      const auto word = token();
      if (word.empty()) {
        text_.remove_prefix(1);
        continue;
      }
      skip(kBetweenWords);
      if (text_.starts_with('=') && !into.empty()) {
        text_.remove_prefix(1);
        skip(kBetweenWords);
        into.back().params.insert_or_assign(to_lower(word), value());
      } else {
        into.push_back({to_lower(word), {}});
      }
    }
  }

 private:
  void skip(std::string_view of) { text_.remove_prefix(std::min(text_.find_first_not_of(of), text_.size())); }

  std::string_view token() {
    const auto word = text_.substr(0, text_.find_first_of(" \t,=\""));
    text_.remove_prefix(word.size());
    return word;
  }

  std::string value() {
    if (!text_.starts_with('"')) {
      const auto word = text_.substr(0, text_.find_first_of(" \t,"));
      text_.remove_prefix(word.size());
      return std::string(word);
    }
    std::string out;
    std::size_t at = 1;
    for (; at < text_.size() && text_[at] != '"'; ++at) {
      if (text_[at] == '\\' && at + 1 < text_.size()) ++at;
      out += text_[at];
    }
    text_.remove_prefix(std::min(at + 1, text_.size()));
    return out;
  }

  std::string_view text_;
};

}  // namespace

const std::string& Challenge::param(const std::string& name) const {
  static const std::string kNone;
  const auto found = params.find(name);
  return found == params.end() ? kNone : found->second;
}

std::vector<Challenge> parse_challenges(const std::vector<std::string>& headers) {
  std::vector<Challenge> challenges;
  for (const auto& header : headers) {
    std::vector<Challenge> found;
    HeaderReader(header).read(found);
    challenges.insert(challenges.end(), found.begin(), found.end());
  }
  return challenges;
}

}  // namespace flux::images
