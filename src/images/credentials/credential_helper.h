#pragma once

#include <optional>
#include <string>

#include "base/context.h"
#include "images/registry/credential.h"

namespace flux::images {

/// Asks the program docker-credential-NAME, which is looked up in PATH and sees our whole environment, who we are to
/// `server`. Nothing when it knows nobody. Errors (user) say what to do and quote nothing of what it printed. Waits ten
/// seconds at most. Any thread.
Result<std::optional<Credential>> ask_credential_helper(const Bounded& ctx, const std::string& name,
                                                        const std::string& server, const std::string& from);

}  // namespace flux::images
