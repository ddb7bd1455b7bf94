#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace flux {

/// All bytes of a file, also of one in /proc. A user error names the file and says why it cannot be read; a directory
/// is such an error. Blocks; any thread.
Result<std::string> read_file(const std::filesystem::path& file);

/// The same for what nobody may see. Errors begin with `what`.
Result<Secret> read_secret_file(const std::filesystem::path& file, std::string_view what);

}  // namespace flux
