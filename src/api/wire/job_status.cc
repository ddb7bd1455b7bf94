#include "api/wire/job_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/json_reader.h"

namespace flux::api {
namespace {

/// In the order of JobState.
constexpr std::array<std::string_view, 4> kStates{"queued", "running", "failed", "succeeded"};

Json write(const JobResult& result) {
  Json json = Json::object();
  if (!result.revision.empty()) json["revision"] = result.revision;
  if (result.spec) json["spec"] = to_json(*result.spec);
  if (!result.result.empty()) json["result"] = to_json(result.result);
  return json;
}

Result<JobResult> read_result(const Json& json) {
  ObjectReader in(json);
  JobResult result{in.text("revision"), std::nullopt, in.value("result", update_result_from_json)};
  if (in.find("spec") != nullptr) result.spec = in.value("spec", update_spec_from_json);
  return in.done(std::move(result));
}

}  // namespace

std::string_view to_string(JobState state) { return kStates.at(static_cast<std::size_t>(state)); }

Json to_json(const JobStatus& status) {
  return {{"Result", write(status.result)}, {"Err", status.error}, {"StatusString", to_string(status.state)}};
}

Result<JobStatus> job_status_from_json(const Json& json) {
  ObjectReader in(json);
  const auto state = in.text("StatusString");
  JobStatus status{JobState::queued, in.text("Err"), in.value("Result", read_result)};
  auto result = in.done(std::move(status));
  if (!result) return result;
  const auto* found = std::ranges::find(kStates, state);
  if (found == kStates.end())
    return fail(ErrorKind::server, fmt::format("unknown job status \"{}\"", state),
                "The daemon may be of a newer version than this client.");
  result->state = static_cast<JobState>(found - kStates.begin());
  return result;
}

}  // namespace flux::api
