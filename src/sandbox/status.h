#pragma once

#include <string>
#include <tl/expected.hpp>

#include "base/json.h"
#include "sandbox/kinds.h"

namespace flux::sandbox {

/// A refusal in the words of the API: becomes a `Status` object and the HTTP status `code`.
struct Status {
  int code = 500;
  std::string reason;
  std::string message;
  Json details = nullptr;

  [[nodiscard]] Json to_json() const;
};

template <class T>
using Answer = tl::expected<T, Status>;
using Refusal = tl::unexpected<Status>;

Refusal refuse(int code, std::string reason, std::string message);
Refusal refuse_missing(const Kind& kind, const std::string& name);
Refusal refuse_existing(const Kind& kind, const std::string& name);
/// 409: somebody else was faster, or a precondition does not hold.
Refusal refuse_conflict(const Kind& kind, const std::string& name, const std::string& why);
/// 409: written on an old state, or a race lost too often.
Refusal refuse_stale(const Kind& kind, const std::string& name);
/// 409 of a delete whose precondition does not hold.
Refusal refuse_precondition(const Kind& kind, const std::string& name, const std::string& why);
/// 422: the object is wrong at `field`.
Refusal refuse_invalid(const Kind& kind, const std::string& name, const std::string& field, const std::string& why);
Refusal refuse_request(std::string message);

/// `deployments.apps`, or `pods` for the core group.
[[nodiscard]] std::string qualified(const Kind& kind);

}  // namespace flux::sandbox
