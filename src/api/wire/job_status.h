#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/update_result.h"
#include "model/update_spec.h"

/// The state of a queued change (compat/api.md 5.7 and 6.4).
namespace flux::api {

enum class JobState { queued, running, failed, succeeded };
[[nodiscard]] std::string_view to_string(JobState state);

struct JobResult {
  std::string revision{};            ///< the commit that was made, or synced to; empty: none
  std::optional<UpdateSpec> spec{};  ///< as it was asked for
  UpdateResult result{};             ///< when empty fluxctl says that there was nothing to do
  friend bool operator==(const JobResult&, const JobResult&) = default;
};

struct JobStatus {
  JobState state = JobState::queued;
  std::string error{};  ///< `Err`
  JobResult result{};
  friend bool operator==(const JobStatus&, const JobStatus&) = default;
};

[[nodiscard]] Json to_json(const JobStatus& status);
[[nodiscard]] Result<JobStatus> job_status_from_json(const Json& json);

}  // namespace flux::api
