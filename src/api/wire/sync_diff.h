#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/json.h"

/// `GET /v12/diff?ref=REF`: what a sync of that revision would do to the cluster, without doing it. Not in Flux v1.
namespace flux::api {

enum class DiffAction { create, change, remove };
/// `create`, `change` or `delete`.
[[nodiscard]] std::string_view to_string(DiffAction action);

struct DiffEntry {
  std::string id;
  DiffAction action = DiffAction::change;
  std::string reason{};
  std::string source{};  ///< the file that describes it; empty for what git no longer has
  std::string diff{};    ///< unified; no values of Secrets
  friend bool operator==(const DiffEntry&, const DiffEntry&) = default;
};

struct SyncDiff {
  std::string ref{};       ///< as asked for
  std::string revision{};  ///< the commit that it is
  std::string live_revision{};
  std::vector<DiffEntry> changes{};     ///< in the order in which they would be made
  std::vector<std::string> notes{};     ///< what else to know, such as resources that are ignored
  std::vector<std::string> refusals{};  ///< why a sync would not do all or any of it
  friend bool operator==(const SyncDiff&, const SyncDiff&) = default;
};

[[nodiscard]] Json to_json(const SyncDiff& diff);
[[nodiscard]] Result<SyncDiff> sync_diff_from_json(const Json& json);

}  // namespace flux::api
