#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.h"

namespace flux::git {

/// What the daemon attached to a commit of its own (compat/daemon.md 2.7).
struct Note {
  std::string json;         ///< as written; spec and result are read from it by who knows their shapes
  bool understood = false;  ///< false: not a JSON object with a job id and a spec; counts as "other", never as an error
  std::string job_id;
  std::string spec_type;  ///< `policy`, `image`, `containers`, `auto` or `sync`
};

/// The fully qualified ref: `flux` is `refs/notes/flux`; `notes/x` and `refs/notes/x` are `refs/notes/x`.
[[nodiscard]] std::string notes_ref(std::string_view name);

/// Larger notes are none of ours: ours name workloads, a few hundred bytes for each.
constexpr std::size_t kMaxNote = std::size_t{1} << 20;

/// The notes of those of `revisions` that have one, by revision. A ref that does not exist has no notes. Notes of more
/// than kMaxNote bytes are not read but left out with a warning; and so is the rest after 64 of such a size altogether.
/// Costs a handful of round trips to the object reader whatever the number of notes.
Result<std::map<std::string, Note>> read_notes(const Bounded& ctx, const Repository& repository,
                                               const std::string& ref_name, const std::vector<std::string>& revisions);

/// Never fails: see Note::understood.
[[nodiscard]] Note parse_note(std::string json);

}  // namespace flux::git
