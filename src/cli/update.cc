#include "cli/update.h"

#include <fmt/format.h>

#include "base/json.h"
#include "cli/result_table.h"
#include "cli/waiting.h"

namespace flux::cli {
namespace {

constexpr std::string_view kOutcomeUnknown = R"(
We timed out waiting for the result of the operation. It may still succeed or fail: what became of it is
not known here. To ask for the same once more is safe as a rule, because what has been done already changes
nothing the second time.
)";

constexpr std::string_view kNotSeenApplied = R"(
The operation succeeded, but we timed out waiting for the commit to be
applied. It will be applied with the next sync; run `fluxctl sync` to have that now and to see how it goes.
)";

void print_result(Session& session, const api::JobResult& result, const ResultFlags& flags, Format format) {
  if (result.result.empty()) return;
  const auto rows = visible_rows(result.result, flags.verbose.value);
  if (format == Format::json || format == Format::yaml) {
    session.out() << print_value(Json{{"revision", result.revision}, {"result", to_json(rows)}}, format);
    return;
  }
  session.out() << result_table(format == Format::wide ? result.result : rows, !flags.output.no_headers);
  // On a terminal only: scripts know an empty table by its header alone.
  if (rows.empty() && format == Format::tab && session.surroundings().err_is_terminal)
    session.err() << fmt::format("Not shown: {}. Add -vv to see all.\n",
                                 hidden_rows(result.result, flags.verbose.value));
}

void print_job(Session& session, const std::string& job, Format format) {
  const bool structured = format == Format::json || format == Format::yaml;
  session.out() << (structured ? print_value(Json{{"job", job}}, format) : job + "\n");
}

/// By the words of the job, which are all that Flux v1 tells.
bool found_unchanged(const api::JobStatus& ended) {
  return ended.error == "no changes made in repo" || ended.error == "no changes found";
}

Outcome<void> print_applied(const Context& ctx, Session& session, const std::string& revision) {
  auto applied = wait_until_applied(ctx, session, revision);
  if (applied) {
    session.err() << fmt::format("Commit applied:\t{}\n", short_revision(revision));
  } else if (applied.error().timed_out) {
    session.err() << kNotSeenApplied;
  } else {
    return applied;
  }
  return {};
}

}  // namespace

std::vector<Flag> ResultFlags::table() {
  auto table = output.table();
  table.push_back({"no-wait", &no_wait, "Do not wait for the commit: print the id of the daemon's job"});
  table.push_back({"verbose", &verbose, "Show skipped workloads too (ignored ones as well with -vv)", 'v'});
  return table;
}

Outcome<std::string> submit(const Context& ctx, Session& session, const UpdateSpec& spec) {
  const auto daemon = session.daemon(ctx);
  if (!daemon) return tl::unexpected(daemon.error());
  auto job = (*daemon)->update_manifests(ctx, spec);
  if (!job) return pass(job.error());
  return *std::move(job);
}

Outcome<api::JobResult> finish_update(const Context& ctx, Session& session, const std::string& job,
                                      const ResultFlags& flags, Ending ending) {
  const auto format = flags.output.read();
  if (!format) return pass(format.error());
  if (flags.no_wait) {
    print_job(session, job, *format);
    return api::JobResult{};
  }
  auto ended = wait_for_end_of_job(ctx, session, job);
  if (!ended) {
    if (ended.error().timed_out) session.err() << kOutcomeUnknown;
    return tl::unexpected(ended.error());
  }
  if (ending.unchanged_is_ok && found_unchanged(*ended)) {
    print_result(session, ended->result, flags, *format);
    session.err() << "Nothing to do\n";
    return std::move(ended->result);
  }
  auto result = result_of(*std::move(ended));
  if (!result) return result;
  print_result(session, *result, flags, *format);
  if (!result->revision.empty()) session.err() << fmt::format("Commit pushed:\t{}\n", short_revision(result->revision));
  if (result->result.empty()) {
    session.err() << "Nothing to do\n";
    return result;
  }
  if (ending.apply && !result->revision.empty())
    if (auto applied = print_applied(ctx, session, result->revision); !applied) return tl::unexpected(applied.error());
  return result;
}

}  // namespace flux::cli
