#include "daemon/updates/updater.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "daemon/listing/find.h"
#include "daemon/updates/edit_files.h"
#include "git/notes.h"
#include "model/update_note.h"
#include "update/commit_message.h"

namespace flux::daemon {
namespace {

constexpr std::size_t kFewIds = 20;  // objects are asked for one by one; more of them by lists

/// So that several fluxd that were overtaken by each other do not meet again.
Duration pause_before(int attempt) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const auto most = std::chrono::milliseconds(10) * (1 << std::min(attempt, 6));
  return std::chrono::duration_cast<Duration>(std::uniform_real_distribution<double>(0, 1)(random) * Duration(most));
}

Error nothing_changed() {
  return {ErrorKind::user, "no changes made in repo",
          "There was nothing to update; a dry run (fluxctl release --dry-run -v) says why for each workload."};
}

bool is_policy(const UpdateSpec& spec) { return std::holds_alternative<PolicyUpdates>(spec.detail); }

}  // namespace

/// The commit that an update is planned on.
struct Updater::Head {
  std::shared_ptr<const git::Repository> repository;
  std::string revision;
  DesiredView git;
};

Result<Updater::Head> Updater::read_head(const Bounded& ctx) {
  const auto git_ctx = ctx.with_timeout(options_.git_timeout);
  auto repository = parts_.mirror.repository();
  if (!repository) return Failure(repository.error());
  const auto found = find_head(git_ctx, parts_.branch, parts_.mirror, parts_.marker);
  if (!found) return Failure(found.error());
  if (found->valid != found->head)
    return fail(
        ErrorKind::user,
        fmt::format("The branch HEAD in the git repo is not verified, and fluxd will not make commits on top of "
                    "it. HEAD is {}.",
                    found->head.substr(0, 8)),
        "Sign the commits with a key that was given to --git-gpg-key-import.");
  auto view = parts_.reader.read(ctx, *repository, found->head, true);
  if (!view) return Failure(view.error());
  return Head{std::move(*repository), found->head, std::move(*view)};
}

Result<update::Facts> Updater::facts_for(const Bounded& ctx, const Head& head, const std::vector<ResourceId>& ids) {
  const auto catalog = parts_.cluster.discovery.catalog(ctx);
  if (!catalog) return Failure(catalog.error());
  Selection selection;
  selection.allowed = options_.allowed_namespaces;
  if (ids.size() <= kFewIds) selection.ids = ids;
  const auto live = find_workloads(ctx, parts_.cluster.client, **catalog, selection);
  if (!live) return Failure(live.error());
  return update_facts(head.git, *live, images_ ? images_(ctx) : KnownImages(),
                      {.scanning = static_cast<bool>(images_),
                       .never_downgrade = options_.never_downgrade,
                       .use_labels = options_.use_labels});
}

Result<Changes> Updater::changes_for(const Bounded& ctx, const Head& head, const UpdateSpec& spec) {
  if (is_policy(spec))
    return policy_changes(std::get<PolicyUpdates>(spec.detail), *head.git.resources, options_.allowed_namespaces);
  const auto facts = facts_for(ctx, head, workloads_of(spec));
  if (!facts) return Failure(facts.error());
  return release_changes(spec, *facts);
}

Result<update::Automation> Updater::find_updates(const Bounded& ctx) {
  const auto head = read_head(ctx);
  if (!head) return Failure(head.error());
  const auto automated = automated_workloads(*head->git.resources);
  if (automated.empty()) return update::Automation{};
  const auto facts = facts_for(ctx, *head, automated);
  if (!facts) return Failure(facts.error());
  return update::find_updates(*facts);
}

JobOutcome Updater::run(const Bounded& ctx, const std::string& id, const UpdateSpec& spec) {
  for (int attempt = 1;; ++attempt) {
    bool overtaken = false;
    auto outcome = try_once(ctx, id, spec, overtaken);
    if (!overtaken || attempt >= options_.attempts || !ctx.sleep(pause_before(attempt))) return outcome;
    ctx.log({{"info", "somebody else has pushed meanwhile; planning anew"}, {"attempt", attempt}});
    if (auto ok = parts_.mirror.refresh(ctx); !ok) return {std::move(outcome.result), ok.error()};
  }
}

JobOutcome Updater::try_once(const Bounded& ctx, const std::string& id, const UpdateSpec& spec, bool& overtaken) {
  JobOutcome outcome;
  outcome.result.spec = spec;
  const auto head = read_head(ctx);
  if (!head) return {std::move(outcome.result), head.error()};
  auto changes = changes_for(ctx, *head, spec);
  if (!changes) return {std::move(outcome.result), changes.error()};
  outcome.result.result = std::move(changes->result);
  if (changes->error) return {std::move(outcome.result), std::move(changes->error)};

  auto files = edit_files(ctx.with_timeout(options_.git_timeout), *head->repository, head->revision,
                          *head->git.resources, changes->edits);
  if (!files) return {std::move(outcome.result), wrap(files.error(), "applying changes").value()};
  for (auto& [workload, result] : outcome.result.result)
    if (is_policy(spec) && result.status == WorkloadStatus::success && !files->changed.contains(workload))
      result.status = WorkloadStatus::skipped;
  if (spec.is_plan()) return outcome;
  if (files->files.empty()) {
    if (!is_policy(spec) && !std::holds_alternative<AutomatedSpec>(spec.detail)) outcome.error = nothing_changed();
    return outcome;
  }
  git::CommitRequest commit;
  commit.branch = parts_.branch.name;
  commit.parent = head->revision;
  commit.files = std::move(files->files);
  return push(ctx, id, spec, std::move(outcome), std::move(commit), overtaken);
}

JobOutcome Updater::push(const Bounded& ctx, const std::string& id, const UpdateSpec& spec, JobOutcome outcome,
                         git::CommitRequest commit, bool& overtaken) {
  commit.message = update::commit_message(spec, outcome.result.result) + options_.skip_message;
  commit.committer = options_.committer;
  if (options_.set_author) commit.author = spec.cause.user;
  commit.notes_ref = options_.notes_ref;
  commit.note = encode_note({id, spec, is_policy(spec) ? UpdateResult() : outcome.result.result});
  auto pushed = parts_.mirror.push_commit(ctx, commit);
  if (pushed) {
    outcome.result.revision = std::move(*pushed);
    return outcome;
  }
  overtaken = pushed.error().failure == git::GitFailure::not_fast_forward;
  Error error = pushed.error();
  error.message = "Problem committing and pushing to git repository: " + error.message;
  outcome.error = std::move(error);
  return outcome;
}

}  // namespace flux::daemon
