#pragma once

#include "sandbox/kinds.h"

namespace flux::sandbox {

/// Fills in what users notice when it is missing: replicas, service addresses, phases, merged stringData.
/// `live` is null for a new object.
void add_defaults(const Kind& kind, const Json* live, Json& body);

/// What the server hands out itself, and nobody owns: addresses, node ports, the labels of a job.
void allocate(const Kind& kind, const Json* live, Json& body);

}  // namespace flux::sandbox
