#pragma once

#include "base/context.h"

namespace flux {

/// The context of tests that do not care about deadlines: long enough for a busy machine, and no test hangs.
inline Bounded bounded(std::stop_token stop = {}) {
  return Context(std::move(stop)).with_timeout(std::chrono::minutes(1));
}

}  // namespace flux
