#pragma once

#include <string>

#include "model/update_result.h"
#include "model/update_spec.h"

namespace flux {

/// What the daemon attaches to each commit it makes, as a git note. Other daemons of any version read it
/// (compat/api.md 5.10).
struct UpdateNote {
  std::string job_id;
  UpdateSpec spec;
  UpdateResult result;  ///< empty for policy commits, then written as null
  friend bool operator==(const UpdateNote&, const UpdateNote&) = default;
};

[[nodiscard]] std::string encode_note(const UpdateNote& note);
/// User error when it is no such note: the caller treats it as somebody else's and goes on (compat/api.md 11, row 14).
[[nodiscard]] Result<UpdateNote> decode_note(std::string_view text);

}  // namespace flux
