#include "api/wire/sync_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/json_reader.h"

namespace flux::api {
namespace {

/// In the order of DiffAction.
constexpr std::array<std::string_view, 3> kActions{"create", "change", "delete"};

Json write_entry(const DiffEntry& entry) {
  return {{"id", entry.id},
          {"action", to_string(entry.action)},
          {"reason", entry.reason},
          {"source", entry.source},
          {"diff", entry.diff}};
}

Result<DiffAction> read_action(const Json& json) {
  const auto text = text_from_json(json);
  if (!text) return Failure(text.error());
  const auto* found = std::ranges::find(kActions, *text);
  if (found == kActions.end()) return fail(ErrorKind::user, fmt::format("unknown action \"{}\"", *text));
  return static_cast<DiffAction>(found - kActions.begin());
}

Result<DiffEntry> read_entry(const Json& json) {
  ObjectReader in(json);
  DiffEntry entry{in.text("id"), in.value("action", read_action), in.text("reason"), in.text("source"),
                  in.text("diff")};
  return in.done(std::move(entry));
}

}  // namespace

std::string_view to_string(DiffAction action) { return kActions.at(static_cast<std::size_t>(action)); }

Json to_json(const SyncDiff& diff) {
  return {{"ref", diff.ref},
          {"revision", diff.revision},
          {"live", diff.live_revision},
          {"changes", list_to_json(diff.changes, write_entry)},
          {"notes", diff.notes},
          {"refusals", diff.refusals}};
}

Result<SyncDiff> sync_diff_from_json(const Json& json) {
  ObjectReader in(json);
  SyncDiff diff{in.text("ref"),    in.text("revision"), in.text("live"), in.list("changes", read_entry),
                in.texts("notes"), in.texts("refusals")};
  return in.done(std::move(diff));
}

}  // namespace flux::api
