#pragma once

#include <string>

#include "sandbox/fields/field_set.h"
#include "sandbox/kinds.h"
#include "sandbox/status.h"

namespace flux::sandbox {

/// Whether finalizers keep a deleted object; those in the spec of a namespace count too.
[[nodiscard]] bool is_held(const Kind& kind, const Json& body);

/// Whether `metadata.generation` is kept for that kind, and whether this change increments it.
[[nodiscard]] bool has_generation(const Kind& kind);
[[nodiscard]] bool changes_intent(const Kind& kind, const Json& before, const Json& after);

/// What a write to that subresource (empty: the object itself) cannot change.
[[nodiscard]] FieldSet reset_fields(const Kind& kind, const std::string& subresource);
/// Puts those parts back as they were in `live` (null: removes them).
void reset(const Kind& kind, const std::string& subresource, const Json* live, Json& body);

/// Whether the two differ in no more than versions and the times in managedFields.
[[nodiscard]] bool same_object(const Json& left, const Json& right);

/// The status that the server gives to an accepted CustomResourceDefinition.
void establish(Json& definition, const std::string& now);

/// Now, as the API writes times: `2026-01-02T03:04:05Z`.
[[nodiscard]] std::string now_text();
[[nodiscard]] std::string random_uid();
/// Five letters for generated names.
[[nodiscard]] std::string random_suffix();

}  // namespace flux::sandbox
