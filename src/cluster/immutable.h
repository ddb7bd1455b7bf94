#pragma once

#include <string_view>

namespace flux::cluster {

/// Whether one cause of a refusal, `reason` and `message` of a metav1.StatusCause, says that a field cannot be changed
/// once the object exists. Only the server's own words count, which follow the value that it quotes: a value may say
/// anything. Where these words come from: Kubernetes' validation of its own types (tried on 1.36), and the rules of
/// custom resources, whose messages are their authors'.
[[nodiscard]] bool says_immutable(std::string_view reason, std::string_view message);

}  // namespace flux::cluster
