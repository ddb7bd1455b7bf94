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

/// Of others the daemon says by itself why it cannot change them.
bool is_in_git(const api::ControllerStatus& workload) {
  return workload.read_only != api::read_only::kNotInRepo && workload.read_only != api::read_only::kSystem;
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
      {"all", &all_, "All workloads that git has: of all namespaces, or of the one that -n names"},
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
  if (all_ && !(workload_.empty() && controller_.empty()))
    return fail(ErrorKind::user, "can't specify both --all and a workload");
  if (!all_ && workload_.empty() && controller_.empty())
    return fail(ErrorKind::user, "-w, --workload is required",
                "`fluxctl list-workloads --all-namespaces` shows what there is; --all is for all of them.");
  if (!workload_.empty() && !controller_.empty()) return fail(ErrorKind::user, std::string(both_names_.error));
  if (!controller_.empty()) workload_ = controller_;
  if (auto format = result_.output.read(); !format) return Failure(format.error());
  if (auto sound = edits.check(); !sound) return sound;
  // Any namespace will do to see whether it is an id.
  if (auto id = parse_workload(workload_, "default"); !all_ && !id) return Failure(id.error());
  return check_tags(edits.tags);
}

Outcome<void> PolicyUpdateCommand::run(const Context& ctx, Session& session) {
  const auto ids = workloads(ctx, session);
  if (!ids) return tl::unexpected(ids.error());
  const auto cause = cause_.cause();
  PolicyUpdates updates;
  for (const auto& id : *ids) updates.emplace(id, edits.update(cause));
  const auto job = submit(ctx, session, {cause, std::move(updates)});
  if (!job) return tl::unexpected(job.error());
  return finish_update(ctx, session, *job, result_, {}).map([](const auto&) {});
}

Outcome<std::vector<ResourceId>> PolicyUpdateCommand::workloads(const Context& ctx, Session& session) const {
  if (!all_) {
    auto id = parse_workload(workload_, session.namespace_or(ns_));
    if (!id) return pass(id.error());
    return std::vector{*std::move(id)};
  }
  const auto daemon = session.daemon(ctx);
  if (!daemon) return tl::unexpected(daemon.error());
  const auto known = (*daemon)->list_services(ctx, {ns_, {}});
  if (!known) return pass(known.error());
  std::vector<ResourceId> ids;
  for (const auto& workload : *known)
    if (is_in_git(workload)) ids.push_back(workload.id);
  if (ids.empty())
    return fail(ErrorKind::user,
                fmt::format("no workload{} is in git", ns_.empty() ? "" : fmt::format(" of namespace {}", ns_)),
                "`fluxctl list-workloads --all-namespaces -o wide` shows what there is, and what cannot be changed.");
  return ids;
}

}  // namespace flux::cli
