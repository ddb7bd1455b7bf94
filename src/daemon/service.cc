#include "daemon/service.h"

#include "git/log.h"

namespace flux::daemon {
namespace {

constexpr Duration kPingTimeout = std::chrono::seconds(5);

}  // namespace

Result<void> Service::ping(const Context& ctx) {
  if (auto version = client_.server_version(ctx.with_timeout(kPingTimeout)); !version) return Failure(version.error());
  return {};
}

Result<void> Service::notify(const Context& ctx, const api::Change& change) {
  const auto* git_change = std::get_if<api::GitChange>(&change);
  if (!git_change) return {};  // images are not scanned yet
  // A notice about another branch of our repository is none of ours; one about an unknown URL may well be, since
  // forges name the same repository in many ways (compat/daemon.md 4.2).
  const auto url = git::Url::parse(git_change->url);
  const auto& ours = mirror_.config().url;
  if (url && ours && ours->equivalent(*url) && git_change->branch != options_.branch) {
    ctx.log({{"msg", "notified about unrelated change"}, {"url", url->shown()}, {"branch", git_change->branch}});
    return {};
  }
  mirror_.notify();
  return {};
}

Result<std::vector<std::string>> Service::sync_status(const Context& ctx, const std::string& ref) {
  const auto git_ctx = ctx.with_timeout(options_.git_timeout);
  const auto repository = mirror_.repository();
  if (!repository) return Failure(repository.error());
  const auto to = git::resolve_commit(git_ctx, **repository, ref);
  if (!to) return Failure(to.error());
  const auto marker = marker_.read(git_ctx);
  if (!marker) return Failure(marker.error());
  const auto commits =
      git::list_commits(git_ctx, **repository, {.from = *marker, .to = *to, .paths = options_.git_paths});
  if (!commits) return Failure(commits.error());
  std::vector<std::string> revisions;
  for (const auto& commit : *commits) revisions.push_back(commit.revision);
  return revisions;
}

Result<api::GitConfig> Service::git_repo_config(const Context& ctx, bool regenerate) {
  const auto key = public_ssh_key(ctx, regenerate);
  if (!key) return Failure(key.error());
  const auto status = mirror_.status();
  api::GitConfig config;
  if (mirror_.config().url) config.url = mirror_.config().url->shown();
  config.branch = options_.branch;
  config.paths = options_.git_paths;
  config.public_key = *key;
  config.status = to_string(status.state);
  config.errors = status.error;
  return config;
}

/// No key is ours to show until the keyring exists: git finds keys through ssh's own configuration.
Result<api::PublicKey> Service::public_ssh_key(const Context&, bool) { return api::PublicKey{}; }

Result<void> Service::healthy() {
  if (!heartbeat_.late()) return {};
  return fail(ErrorKind::server, "the sync loop has not finished in time",
              "The log says what it is doing; a restart is safe.");
}

Result<void> Service::ready() {
  const auto status = mirror_.status();
  if (status.state == git::MirrorState::ready) return {};
  return fail(ErrorKind::server, "git repo not ready: " + status.error, "GET /api/flux/v9/git-repo-config tells more.");
}

std::string Service::metrics_text() {
  metrics_.git_ready.set(mirror_.status().healthy() ? 1 : 0);
  return metrics_.exposition();
}

}  // namespace flux::daemon
