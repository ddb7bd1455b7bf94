#include "api/wire/daemon_status.h"

#include "api/wire/moment.h"
#include "model/json_reader.h"

namespace flux::api {
namespace {

using Seconds = std::chrono::duration<double>;

Json write_text(const std::string& text) { return text; }

Json write_sync(const LastSync& sync) {
  return {{"ended", format_timestamp(sync.ended)},
          {"seconds", std::chrono::duration_cast<Seconds>(sync.took).count()},
          {"revision", sync.revision},
          {"succeeded", sync.succeeded},
          {"error", sync.error}};
}

Json write_out_of_step(const OutOfStep& entry) {
  return {{"id", entry.id}, {"reason", entry.reason}, {"source", entry.source}};
}

Json write_job(const JobSummary& job) {
  return {{"id", job.id}, {"type", job.type}, {"user", job.user}, {"message", job.message}};
}

Json write_images(const std::optional<std::vector<ImageHealth>>& images) {
  if (!images) return nullptr;
  return list_to_json(*images, [](const ImageHealth& health) { return to_json(health); });
}

Json write_past_error(const PastError& error) {
  return {{"at", format_timestamp(error.at)}, {"message", error.message}};
}

/// For times that are always there.
Timestamp time_of(ObjectReader& in, std::string_view key) {
  return in.value(key, moment_from_json).value_or(Timestamp());
}

Result<LastSync> read_sync(const Json& json) {
  ObjectReader in(json);
  LastSync sync{time_of(in, "ended"), std::chrono::duration_cast<Duration>(Seconds(in.number("seconds"))),
                in.text("revision"), in.flag("succeeded"), in.text("error")};
  return in.done(std::move(sync));
}

Result<OutOfStep> read_out_of_step(const Json& json) {
  ObjectReader in(json);
  OutOfStep entry{in.text("id"), in.text("reason"), in.text("source")};
  return in.done(std::move(entry));
}

Result<JobSummary> read_job(const Json& json) {
  ObjectReader in(json);
  JobSummary job{in.text("id"), in.text("type"), in.text("user"), in.text("message")};
  return in.done(std::move(job));
}

Result<PastError> read_error(const Json& json) {
  ObjectReader in(json);
  PastError error{time_of(in, "at"), in.text("message")};
  return in.done(std::move(error));
}

/// Fills the part of `status` that is below `git`.
Result<bool> read_git(DaemonStatus& status, const Json& json) {
  ObjectReader in(json);
  status.git_url = in.text("url");
  status.branch = in.text("branch");
  status.paths = in.texts("paths");
  status.git_status = in.text("status");
  status.git_errors = in.text("errors");
  status.head = in.text("head");
  return in.done(true);
}

Result<bool> read_live(DaemonStatus& status, const Json& json) {
  ObjectReader in(json);
  status.live_revision = in.text("revision");
  status.live_since = in.value("since", moment_from_json);
  return in.done(true);
}

Result<bool> read_jobs(DaemonStatus& status, const Json& json) {
  ObjectReader in(json);
  if (in.find("running") != nullptr) status.running_job = in.value("running", read_job);
  status.queued_jobs = in.list("queued", read_job);
  return in.done(true);
}

}  // namespace

Json to_json(const DaemonStatus& status) {
  return {{"version", status.version},
          {"git",
           {{"url", status.git_url},
            {"branch", status.branch},
            {"paths", list_to_json(status.paths, write_text)},
            {"status", status.git_status},
            {"errors", status.git_errors},
            {"head", status.head}}},
          {"leader", status.leader},
          {"live", {{"revision", status.live_revision}, {"since", moment_to_json(status.live_since)}}},
          {"lastSync", status.last_sync ? write_sync(*status.last_sync) : Json(nullptr)},
          {"outOfStep", list_to_json(status.out_of_step, write_out_of_step)},
          {"deletionsRefused", status.deletions_refused},
          {"jobs",
           {{"running", status.running_job ? write_job(*status.running_job) : Json(nullptr)},
            {"queued", list_to_json(status.queued_jobs, write_job)}}},
          {"images", write_images(status.images)},
          {"lastErrors", list_to_json(status.last_errors, write_past_error)}};
}

Result<DaemonStatus> daemon_status_from_json(const Json& json) {
  DaemonStatus status;
  ObjectReader in(json);
  status.version = in.text("version");
  in.value("git", [&](const Json& git) { return read_git(status, git); });
  status.leader = in.text("leader");
  in.value("live", [&](const Json& live) { return read_live(status, live); });
  if (in.find("lastSync") != nullptr) status.last_sync = in.value("lastSync", read_sync);
  status.out_of_step = in.list("outOfStep", read_out_of_step);
  status.deletions_refused = in.text("deletionsRefused");
  in.value("jobs", [&](const Json& jobs) { return read_jobs(status, jobs); });
  if (in.find("images") != nullptr) status.images = in.list("images", image_health_from_json);
  status.last_errors = in.list("lastErrors", read_error);
  return in.done(std::move(status));
}

}  // namespace flux::api
