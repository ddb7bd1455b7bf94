#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "model/image_ref.h"
#include "model/json.h"
#include "model/resource_id.h"

/// `GET /v12/explain?service=ID`: which image each container of a workload should run, and why no other. Not in Flux
/// v1.
namespace flux::api {

struct ExplainedTag {
  std::string tag;
  std::optional<Timestamp> created{};
  std::string why{};     ///< for machines: `filter`, `older`; empty: it is the choice
  std::string reason{};  ///< for people, what goes on from the tag: "does not match the filter"
  friend bool operator==(const ExplainedTag&, const ExplainedTag&) = default;
};

struct ExplainedContainer {
  std::string name;
  ImageRef image{};                    ///< that runs
  std::string filter{};                ///< canonical, `glob:*` where there is none
  std::string outcome{};               ///< for machines: `update`, `up_to_date`, `missing_metadata`
  std::string summary{};               ///< for people, a sentence
  std::string choice{};                ///< the tag; empty: none
  std::string last_error{};            ///< of the last scan
  std::optional<Timestamp> scanned{};  ///< when the tags were listed last
  std::vector<ExplainedTag> tags{};    ///< newest first, as the filter counts
  friend bool operator==(const ExplainedContainer&, const ExplainedContainer&) = default;
};

struct Explanation {
  ResourceId id;
  std::vector<std::string> notes{};  ///< what keeps the workload from being updated by itself, as sentences
  std::vector<ExplainedContainer> containers{};
  friend bool operator==(const Explanation&, const Explanation&) = default;
};

[[nodiscard]] Json to_json(const Explanation& explanation);
[[nodiscard]] Result<Explanation> explanation_from_json(const Json& json);

}  // namespace flux::api
