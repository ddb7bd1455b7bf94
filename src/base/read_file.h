#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace flux {

/// All bytes of a file, also of one in /proc. A user error names the file and says why it cannot be read; a directory
/// is such an error. Secrets belong into a Secret at once. Blocks; any thread.
Result<std::string> read_file(const std::filesystem::path& file);

}  // namespace flux
