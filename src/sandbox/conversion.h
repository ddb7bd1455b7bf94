#pragma once

#include "sandbox/kinds.h"

namespace flux::sandbox {

/// Between the shape in which the versions of a kind share their objects and that of one version. Only
/// HorizontalPodAutoscaler autoscaling/v1 has a shape of its own.
void to_shared_shape(const Kind& kind, Json& body);
void to_own_shape(const Kind& kind, Json& body);

}  // namespace flux::sandbox
