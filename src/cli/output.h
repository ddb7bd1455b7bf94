#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/flags.h"
#include "base/result.h"
#include "model/json.h"

namespace flux::cli {

enum class Format { tab, wide, json, yaml };

/// `-o` and `--no-headers` of the commands that print a table. `tab` and `json` are those of Flux v1.
struct OutputFlags {
  std::string format = "tab";
  bool no_headers = false;

  std::vector<Flag> table();
  /// `invalid output format specified`.
  [[nodiscard]] Result<Format> read() const;
  /// Whether read() has an answer.
  [[nodiscard]] Result<void> check() const;
};

/// The value as one line of compact JSON, or as YAML, as `format` says.
[[nodiscard]] std::string print_value(const Json& value, Format format);

}  // namespace flux::cli
