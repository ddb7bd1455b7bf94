#pragma once

#include <string>

#include "sandbox/fields/field_set.h"
#include "sandbox/kinds.h"
#include "sandbox/status.h"

namespace flux::sandbox {

/// Fills in what users notice when it is missing: replicas, service addresses, phases, merged stringData.
/// `live` is null for a new object.
void add_defaults(const Kind& kind, const Json* live, Json& body);

/// What the server hands out itself, and nobody owns: addresses, node ports, the labels of a job.
void allocate(const Kind& kind, const Json* live, Json& body);

/// Checks an object against the schema of its definition: types, required fields, enumerations, bounds.
[[nodiscard]] Answer<void> validate_custom(const Kind& kind, const Json& body);

/// The checks of a real server that protect against typical mistakes: names, selectors, immutable fields.
[[nodiscard]] Answer<void> validate(const Kind& kind, const Json* live, const Json& body);

/// Whether finalizers keep a deleted object; those in the spec of a namespace count too.
[[nodiscard]] bool is_held(const Kind& kind, const Json& body);

/// Whether `metadata.generation` is kept for that kind, and whether this change increments it.
[[nodiscard]] bool has_generation(const Kind& kind);
[[nodiscard]] bool changes_intent(const Kind& kind, const Json& before, const Json& after);

/// What a write to that subresource (empty: the object itself) cannot change.
[[nodiscard]] FieldSet reset_fields(const Kind& kind, const std::string& subresource);
/// Puts those parts back as they were in `live` (null: removes them).
void reset(const Kind& kind, const std::string& subresource, const Json* live, Json& body);

/// Between the shape in which the versions of a kind share their objects and that of one version. Only
/// HorizontalPodAutoscaler autoscaling/v1 has a shape of its own.
void to_shared_shape(const Kind& kind, Json& body);
void to_own_shape(const Kind& kind, Json& body);

/// Whether the two differ in no more than versions and the times in managedFields.
[[nodiscard]] bool same_object(const Json& left, const Json& right);

/// The status that the server gives to an accepted CustomResourceDefinition.
void establish(Json& definition, const std::string& now);

[[nodiscard]] std::string base64(const std::string& text);
/// Now, as the API writes times: `2026-01-02T03:04:05Z`.
[[nodiscard]] std::string now_text();
[[nodiscard]] std::string random_uid();
/// Five letters for generated names.
[[nodiscard]] std::string random_suffix();

}  // namespace flux::sandbox
