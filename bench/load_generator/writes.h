#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace load_generator {

/// One server-side apply.
struct Write {
  std::string path;  ///< with its query
  std::string body;
};

/// What may be in flight together; a stage begins when the one before it has ended.
using Stage = std::vector<Write>;

/// Reads a file with a JSON object `{"stage": 0, "path": "/...", "body": "..."}` a line, stages in ascending order.
/// The error is a sentence.
tl::expected<std::vector<Stage>, std::string> read_stages(const std::string& file);

}  // namespace load_generator
