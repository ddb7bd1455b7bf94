#include "cli/status_page.h"

#include <fmt/format.h>

#include "cli/image_health_rows.h"
#include "cli/moment.h"
#include "cli/table.h"
#include "cli/waiting.h"

namespace flux::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::string_view kIndent = "  ";
constexpr std::size_t kMostAiling = 10;

std::string or_none(const std::string& revision) { return revision.empty() ? "none yet" : short_revision(revision); }

std::string repository(const api::DaemonStatus& status) {
  if (status.git_url.empty()) return "none configured";
  auto text = fmt::format("{}, branch {}", status.git_url, status.branch);
  if (!status.paths.empty()) text += fmt::format(", {}", fmt::join(status.paths, ", "));
  return text;
}

std::string live(const api::DaemonStatus& status, Timestamp now, const Paint& paint) {
  auto text = or_none(status.live_revision);
  if (status.live_since) text += fmt::format(" since {}", moment(*status.live_since, now));
  if (!status.head.empty() && status.head != status.live_revision)
    text += paint(Colour::yellow, fmt::format("; {} is not applied yet", short_revision(status.head)));
  return text;
}

std::string last_sync(const api::LastSync& sync, Timestamp now, const Paint& paint) {
  const auto took = std::chrono::round<std::chrono::milliseconds>(sync.took);
  return fmt::format("{} of {}, {}, took {}",
                     sync.succeeded ? paint(Colour::green, "succeeded") : paint(Colour::red, "failed"),
                     or_none(sync.revision), moment(sync.ended, now), format_duration(took));
}

std::string indented(Rows rows) {
  for (auto& row : rows) row.front().insert(0, kIndent);
  return align(rows);
}

/// A copy that is ready may still be old.
void add_git_trouble(Rows& head, const api::DaemonStatus& status, const Paint& paint) {
  if (status.git_status != "ready")
    head.push_back({"", paint(Colour::red, status.git_status)});
  else if (!status.git_errors.empty())
    head.push_back({"", paint(Colour::red, "cannot be fetched at the moment")});
  for (std::string_view rest = status.git_errors; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    head.push_back({"", std::string(rest.substr(0, end))});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

/// A heading with its lines below, or nothing at all.
std::string section(std::string_view heading, const Rows& rows) {
  return rows.empty() ? std::string() : fmt::format("\n{}\n{}", heading, indented(rows));
}

std::string images_section(const std::vector<api::ImageHealth>& images, Timestamp now, const Paint& paint, bool all) {
  std::string text;
  if (const auto ailing = ailing_images(images, now, all ? images.size() : kMostAiling); !ailing.empty())
    text += fmt::format("\n{}\n{}", paint(Colour::yellow, "Images that are not well:"), ailing);
  if (all && !images.empty()) text += fmt::format("\nImages:\n{}", image_rows(images, now));
  return text;
}

Rows out_of_step(const api::DaemonStatus& status) {
  Rows rows;
  for (const auto& one : status.out_of_step)
    rows.push_back({one.id, one.reason, one.source.empty() ? "" : fmt::format("({})", one.source)});
  return rows;
}

}  // namespace

std::string out_of_step_rows(const api::DaemonStatus& status) {
  return status.out_of_step.empty() ? std::string() : indented(out_of_step(status));
}

std::string status_page(const api::DaemonStatus& status, Timestamp now, const Paint& paint, bool all_images) {
  Rows head{{"Daemon:", fmt::format("fluxd {}", status.version)}, {"Repository:", repository(status)}};
  add_git_trouble(head, status, paint);
  if (!status.leader.empty())
    head.push_back({"Leader:", paint(Colour::yellow, status.leader + "; this fluxd waits and changes nothing")});
  head.push_back({"Live:", live(status, now, paint)});
  if (status.last_sync) {
    head.push_back({"Last sync:", last_sync(*status.last_sync, now, paint)});
    if (!status.last_sync->error.empty()) head.push_back({"", status.last_sync->error});
  } else {
    head.push_back({"Last sync:", "none yet"});
  }
  if (status.out_of_step.empty() && status.deletions_refused.empty() && status.last_sync && status.last_sync->succeeded)
    head.push_back({"In step:", paint(Colour::green, "yes")});
  if (status.images) head.push_back({"Images:", image_summary(*status.images, paint)});
  auto page = align(head);

  page += section(paint(Colour::yellow, "Out of step:"), out_of_step(status));
  if (!status.deletions_refused.empty())
    page +=
        section(paint(Colour::yellow, "Garbage collection refused, nothing is deleted:"), {{status.deletions_refused}});

  if (status.images) page += images_section(*status.images, now, paint, all_images);

  Rows rows;
  const auto add_job = [&](std::string_view state, const api::JobSummary& job) {
    rows.push_back({std::string(state), job.id, job.type, job.user, job.message});
  };
  if (status.running_job) add_job("running", *status.running_job);
  for (const auto& job : status.queued_jobs) add_job("queued", job);
  page += section("Jobs:", rows);

  rows.clear();
  for (const auto& error : status.last_errors) rows.push_back({moment(error.at, now), error.message});
  page += section("Recent errors:", rows);
  return page;
}

}  // namespace flux::cli
