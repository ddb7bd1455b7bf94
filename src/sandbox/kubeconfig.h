#pragma once

#include <string>

#include "base/result.h"

namespace flux::sandbox {

/// The text of a kubeconfig whose current context leads to `url`.
[[nodiscard]] std::string kubeconfig_for(const std::string& url);
/// Writes it whole or not at all, readable by the owner only. User error: where and why it cannot be written.
Result<void> write_kubeconfig(const std::string& path, const std::string& url);

}  // namespace flux::sandbox
