#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "http/message.h"
#include "images/registry/requests.h"

namespace flux::images {

/// The error of an answer of 400 or more to `asked`, in the registry's own words as far as they are fit for a log line,
/// and with what to do. A registry may repeat what it was sent, so the words are freed of `secrets`. Pure.
[[nodiscard]] RegistryError refusal(const http::ClientResponse& answer, std::string_view asked,
                                    const std::vector<Secret>& secrets);

/// The error of an answer below 400 to `asked` that is not what it should be, for a reason `why`: with its type and its
/// beginning, because it often comes from somebody else, such as a proxy with a page to log in. Pure.
[[nodiscard]] RegistryError not_understood(const http::ClientResponse& answer, std::string_view asked,
                                           std::string_view why, const std::vector<Secret>& secrets);

}  // namespace flux::images
