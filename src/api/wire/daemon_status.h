#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/wire/image_health.h"
#include "base/duration.h"
#include "base/timestamp.h"
#include "model/json.h"

/// `GET /v12/status`: where the daemon stands, on one page. Not in Flux v1.
namespace flux::api {

/// The last attempt to bring the cluster in step with git.
struct LastSync {
  Timestamp ended;
  Duration took{};
  std::string revision{};  ///< that was tried
  bool succeeded = false;
  std::string error{};  ///< why not
  friend bool operator==(const LastSync&, const LastSync&) = default;
};

/// A resource that is not as git has it.
struct OutOfStep {
  std::string id;
  std::string reason;
  std::string source{};  ///< the file that describes it; empty when git does not know it
  friend bool operator==(const OutOfStep&, const OutOfStep&) = default;
};

struct JobSummary {
  std::string id;
  std::string type;  ///< that of its spec: `policy` and so on
  std::string user{};
  std::string message{};
  friend bool operator==(const JobSummary&, const JobSummary&) = default;
};

/// Something that went wrong lately, for people.
struct PastError {
  Timestamp at;
  std::string message;
  friend bool operator==(const PastError&, const PastError&) = default;
};

struct DaemonStatus {
  std::string version{};
  // git: as in GitConfig.
  std::string git_url{};
  std::string branch{};
  std::vector<std::string> paths{};
  std::string git_status{};
  std::string git_errors{};
  std::string head{};  ///< newest commit of the branch that was fetched; empty: none yet

  std::string leader{};                   ///< which other fluxd changes the cluster; empty: this one does
  std::string live_revision{};            ///< that the cluster was brought in step with last; empty: none yet
  std::optional<Timestamp> live_since{};  ///< when that was first reached; nothing when not known
  std::optional<LastSync> last_sync{};    ///< nothing before the first one has ended
  std::vector<OutOfStep> out_of_step{};
  std::string deletions_refused{};  ///< why garbage collection deletes nothing although it should; empty: it need not
  std::vector<JobSummary> queued_jobs{};  ///< in the order in which they will run
  std::optional<JobSummary> running_job{};
  std::optional<std::vector<ImageHealth>> images{};  ///< by name; nothing when images are not scanned
  std::vector<PastError> last_errors{};              ///< newest first, a handful
  friend bool operator==(const DaemonStatus&, const DaemonStatus&) = default;
};

/// Lists are lists also when empty; what is not known is null.
[[nodiscard]] Json to_json(const DaemonStatus& status);
[[nodiscard]] Result<DaemonStatus> daemon_status_from_json(const Json& json);

}  // namespace flux::api
