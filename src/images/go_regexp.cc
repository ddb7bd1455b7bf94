#include "images/go_regexp.h"

#include <fmt/format.h>

namespace flux::images {
namespace {

constexpr std::int64_t kMemory = 1 << 20;

}  // namespace

Result<std::unique_ptr<const RE2>> compile_go_regexp(const std::string& text) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemory);
  auto compiled = std::make_unique<const RE2>(text, options);
  if (compiled->ok()) return compiled;
  return fail(ErrorKind::user, fmt::format("\"{}\" is no regular expression: {}", text, compiled->error()),
              "The syntax is RE2, which has neither look-ahead nor look-behind nor back-references.");
}

}  // namespace flux::images
