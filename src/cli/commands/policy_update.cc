#include "cli/commands/policy_update.h"

#include <fmt/format.h>

#include "base/flags_number.h"
#include "cli/session.h"
#include "cli/workload.h"

namespace flux::cli {
namespace {

Result<void> check_tags(const std::vector<std::string>& tags) {
  for (const auto& tag : tags)
    if (tag.find('=') == std::string::npos)
      return fail(ErrorKind::user,
                  fmt::format("invalid container/tag pair: {}. Expected format is 'container=filter'", quote(tag)),
                  "Put a pattern with commas in double quotes: --tag='\"web=semver:>=1.2, <2\"'.");
  return {};
}

}  // namespace

Result<void> PolicyEdits::check() const {
  if (automate && deautomate) return fail(ErrorKind::user, "automate and deautomate both specified");
  if (lock && unlock) return fail(ErrorKind::user, "lock and unlock both specified");
  return {};
}

PolicyUpdate PolicyEdits::update(const UpdateCause& cause) const {
  PolicyUpdate update;
  if (automate) update.add["automated"] = "true";
  if (deautomate) update.remove["automated"] = "true";
  if (lock) {
    update.add["locked"] = "true";
    if (!cause.user.empty()) {
      update.add["locked_user"] = cause.user;
      update.add["locked_msg"] = cause.message;
    }
  }
  if (unlock)
    for (const auto* policy : {"locked", "locked_msg", "locked_user"}) update.remove[policy] = "true";
  if (!tag_all.empty()) update.add["tag_all"] = normalise_pattern(tag_all);
  for (const auto& tag : tags) {
    const auto equals = tag.find('=');
    const auto policy = "tag." + tag.substr(0, equals);
    const auto pattern = tag.substr(equals + 1);
    if (pattern == "*")
      update.remove[policy] = "true";
    else
      update.add[policy] = normalise_pattern(pattern);
  }
  return update;
}

std::string normalise_pattern(const std::string& pattern) {
  for (const auto* kind : {"semver:", "regexp:", "glob:"})
    if (pattern.starts_with(kind)) return pattern;
  static constexpr std::string_view kShort = "regex:";
  if (pattern.starts_with(kShort)) return "regexp:" + pattern.substr(kShort.size());
  return "glob:" + pattern;
}

std::vector<Flag> PolicyUpdateCommand::flags() {
  const bool one_field = both_names_.error.empty();
  std::vector<Flag> table{
      {"controller", one_field ? &workload_ : &controller_, "", 'c', "changed to --workload, use that instead"},
      {"namespace", &ns_, "Namespace of the workload (default that of the kubeconfig's context)", 'n'},
      {"workload", &workload_, about_workload_, 'w'},
  };
  std::ranges::move(cause_.table(), std::back_inserter(table));
  std::ranges::move(result_.table(), std::back_inserter(table));
  return table;
}

void PolicyUpdateCommand::find_defaults(const Context& ctx, const Surroundings& surroundings,
                                        const std::set<std::string, std::less<>>& given) {
  if (!given.contains("user")) cause_.user = git_identity(ctx, surroundings);
}

Result<void> PolicyUpdateCommand::check(const Invocation& line) {
  if (auto none = refuse_positionals(line); !none) return none;
  if (workload_.empty() && controller_.empty())
    return fail(ErrorKind::user, "-w, --workload is required",
                "`fluxctl list-workloads --all-namespaces` shows what there is.");
  if (!workload_.empty() && !controller_.empty()) return fail(ErrorKind::user, std::string(both_names_.error));
  if (!controller_.empty()) workload_ = controller_;
  if (auto format = result_.output.read(); !format) return Failure(format.error());
  if (auto sound = edits.check(); !sound) return sound;
  // Any namespace will do to see whether it is an id.
  if (auto id = parse_workload(workload_, "default"); !id) return Failure(id.error());
  return check_tags(edits.tags);
}

Outcome<void> PolicyUpdateCommand::run(const Context& ctx, Session& session) {
  const auto id = parse_workload(workload_, session.namespace_or(ns_));
  if (!id) return pass(id.error());
  const auto cause = cause_.cause();
  const auto job = submit(ctx, session, {cause, PolicyUpdates{{*id, edits.update(cause)}}});
  if (!job) return tl::unexpected(job.error());
  return finish_update(ctx, session, *job, result_, {}).map([](const auto&) {});
}

}  // namespace flux::cli
