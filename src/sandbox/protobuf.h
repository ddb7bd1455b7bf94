#pragma once

#include <optional>
#include <string_view>

#include "sandbox/schema.h"

namespace flux::sandbox {

/// What a protobuf body says it is, in the envelope that Kubernetes wraps around every message.
struct Envelope {
  std::string api_version;
  std::string kind;
  std::string_view message;  ///< part of the body
};

/// Typed clients (`kubectl create namespace`) send protobuf even to servers that answer in JSON.
[[nodiscard]] bool is_protobuf(std::string_view body);
/// Nothing when the bytes are no such envelope.
[[nodiscard]] std::optional<Envelope> open_envelope(std::string_view body);
/// The message as JSON, by the numbers of the type's fields; unknown numbers are skipped. Nothing when it is broken.
[[nodiscard]] std::optional<Json> from_protobuf(std::string_view message, const Type& type);

}  // namespace flux::sandbox
