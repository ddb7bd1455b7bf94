#include "images/go_regexp.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace flux::images {
namespace {

constexpr std::int64_t kMemory = 1 << 20;

/// `\C`, one byte whatever it is part of.
bool has_single_byte(std::string_view text) {
  for (std::size_t at = 0; (at = text.find('\\', at)) < text.size(); at += 2) {
    const auto escaped = text.substr(at + 1, 1);
    if (escaped == "C") return true;
    // Up to \E everything stands for itself.
    if (escaped == "Q") at = text.find("\\E", at + 2);
    if (at == std::string_view::npos) break;
  }
  return false;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// What RE2 takes and Go does not; empty when there is none.
std::string_view beyond_go(const RE2& expression) {
  if (has_single_byte(expression.pattern())) return "invalid escape sequence: \\C";
  for (const auto& [name, number] : expression.NamedCapturingGroups())
    if (!is_ascii(name)) return "the name of a group is not ASCII";
  return {};
}

Failure malformed(const std::string& text, std::string_view problem) {
  return fail(ErrorKind::user, fmt::format("\"{}\" is no regular expression: {}", text, problem),
              "The syntax is RE2, which has neither look-ahead nor look-behind nor back-references.");
}

}  // namespace

Result<std::unique_ptr<const RE2>> compile_go_regexp(const std::string& text) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemory);
  auto compiled = std::make_unique<const RE2>(text, options);
  if (!compiled->ok()) return malformed(text, compiled->error());
  if (const auto problem = beyond_go(*compiled); !problem.empty()) return malformed(text, problem);
  return compiled;
}

}  // namespace flux::images
