#include "daemon/service.h"

#include "daemon/cluster_request.h"
#include "daemon/scanning/image_health.h"

namespace flux::daemon {
namespace {

constexpr Duration kPingTimeout = std::chrono::seconds(5);
constexpr Duration kProbePatience = std::chrono::milliseconds(700);  // Kubernetes gives a probe one second
constexpr Duration kHeadTimeout = std::chrono::seconds(2);
constexpr Duration kNewKeyTimeout = std::chrono::minutes(1);

api::PublicKey to_api(git::SshPublicKey key) {
  return {std::move(key.text), api::Fingerprint{std::move(key.md5.hash), std::move(key.md5.randomart)},
          api::Fingerprint{std::move(key.sha256.hash), std::move(key.sha256.randomart)}};
}

/// The API has one text for it.
std::string with_help(const std::optional<Error>& error) {
  if (!error) return {};
  return error->help.empty() ? error->message : error->message + "\n" + error->help;
}

}  // namespace

Service::Service(ServiceOptions options, ServiceParts parts)
    : options_(std::move(options)),
      parts_(parts),
      reader_(options_.sync.git_paths, options_.sync.default_namespace, options_.sync.missing, parts.cluster.discovery,
              parts.state.report) {}

std::string Service::shown_url() const {
  const auto& url = parts_.mirror.url();
  return url ? url->shown() : "";
}

std::vector<std::string> Service::allowed_namespaces() const {
  return {options_.sync.allowed_namespaces.begin(), options_.sync.allowed_namespaces.end()};
}

Result<void> Service::ping(const Context& client_ctx) {
  const auto ctx = client_ctx.with_timeout(kPingTimeout);
  const auto permit = slow_.acquire(ctx);
  if (!permit) return Failure(permit.error());
  const auto version =
      cluster_request(parts_.metrics, "Ping", [&] { return parts_.cluster.client.server_version(ctx); });
  if (!version) return Failure(version.error());
  return {};
}

Result<void> Service::notify(const Context& ctx, const api::Change& change) {
  const auto* git_change = std::get_if<api::GitChange>(&change);
  if (!git_change) {
    const auto& image = std::get<api::ImageChange>(change);
    if (parts_.images) parts_.images->notice({image.domain, image.image, {}, {}});
    return {};
  }
  // A notice about another branch of our repository is none of ours; one about an unknown URL may well be, since
  // forges name the same repository in many ways (compat/daemon.md 4.2).
  const auto url = git::Url::parse(git_change->url);
  const auto& ours = parts_.mirror.url();
  if (url && ours && ours->equivalent(*url) && git_change->branch != options_.branch) {
    ctx.log({{"msg", "notified about unrelated change"}, {"url", url->shown()}, {"branch", git_change->branch}});
    return {};
  }
  parts_.mirror.notify();
  return {};
}

Result<api::GitConfig> Service::git_repo_config(const Context& ctx, bool regenerate) {
  auto key = public_ssh_key(ctx, regenerate);
  if (!key) return Failure(key.error());
  const auto status = parts_.mirror.status();
  api::GitConfig config;
  config.url = shown_url();
  config.branch = options_.branch;
  config.paths = options_.sync.git_paths;
  config.public_key = std::move(*key);
  config.status = to_string(status.state);
  config.errors = with_help(status.error);
  return config;
}

Result<api::PublicKey> Service::public_ssh_key(const Context& client_ctx, bool regenerate) {
  if (!regenerate) return parts_.deploy_key ? to_api(parts_.deploy_key->public_key()) : api::PublicKey{};
  if (!parts_.deploy_key)
    return fail(ErrorKind::user, "there is no deploy key to regenerate",
                "fluxd has a deploy key of its own only when it runs in a cluster and the git URL is not HTTP.");
  const auto ctx = client_ctx.with_timeout(kNewKeyTimeout);
  const auto permit = slow_.acquire(ctx);
  if (!permit) return Failure(permit.error());
  auto key = parts_.deploy_key->regenerate(ctx);
  if (!key) return Failure(key.error());
  return to_api(std::move(*key));
}

Result<api::DaemonStatus> Service::status(const Context& ctx) {
  const auto mirror = parts_.mirror.status();
  const auto report = parts_.state.report.latest();
  auto jobs = parts_.state.jobs.overview();
  api::DaemonStatus out;
  out.version = options_.version;
  out.git_url = shown_url();
  out.branch = options_.branch;
  out.paths = options_.sync.git_paths;
  out.git_status = to_string(mirror.state);
  out.git_errors = with_help(mirror.error);
  out.leader = leader();
  out.head = head(ctx, out.leader);
  out.live_revision = report->live_revision;
  out.live_since = report->live_since;
  if (const auto& last = report->last)
    out.last_sync = {last->at, last->took, last->revision, !last->error, last->error ? last->error->message : ""};
  for (const auto& [id, error] : report->errors)
    out.out_of_step.push_back({id.to_string(), error.error.message, error.source});
  for (const auto& [id, text] : report->contested) {
    const auto* desired = report->desired.resources->find(id);
    out.out_of_step.push_back({id.to_string(), text, desired ? desired->manifest->source.to_string() : ""});
  }
  for (const auto& unscoped : *report->desired.unscoped)
    out.out_of_step.push_back({unscoped.id, unscoped.reason, unscoped.source});
  out.deletions_refused = report->deletions_refused;
  out.queued_jobs = std::move(jobs.queued);
  out.running_job = std::move(jobs.running);
  if (parts_.images) out.images = to_api(parts_.images->health());
  out.last_errors = parts_.state.past_errors.list();
  return out;
}

/// While another one leads, nobody but whoever asks looks at what is fetched.
std::string Service::head(const Context& ctx, const std::string& leader) const {
  auto known = *parts_.state.fetched_head.latest();
  if (leader.empty()) return known;
  const auto repository = parts_.mirror.repository();
  if (!repository) return known;
  return git::branch_head(ctx.with_timeout(kHeadTimeout), **repository, options_.branch).value_or(known);
}

std::string Service::leader() const { return parts_.leadership ? parts_.leadership->other() : std::string(); }

HealthFacts Service::health_facts() const {
  return {.now = Clock::now(),
          .limit = options_.health_limit,
          .loop_late = parts_.state.heartbeat.late(),
          .mirror = parts_.mirror.status(),
          .arrivals = parts_.state.arrivals.now(),
          .cluster = {},
          .leader = leader()};
}

Result<void> Service::alive() { return liveness(health_facts()); }

Result<void> Service::healthy() {
  auto facts = health_facts();
  // What is known: the answer to this question is for the next sync, which otherwise asks nothing of the cluster.
  if (parts_.contact) facts.cluster = parts_.contact->ask(Duration::zero());
  return health(facts);
}

Result<void> Service::ready() {
  auto cluster = parts_.contact ? parts_.contact->ask(kProbePatience) : Contact{};
  auto facts = health_facts();
  facts.cluster = std::move(cluster);
  return readiness(facts);
}

std::string Service::metrics_text() {
  parts_.metrics.git_ready.set(parts_.mirror.status().healthy() ? 1 : 0);
  if (parts_.images) show(parts_.images->health(), parts_.metrics);
  return parts_.metrics.exposition();
}

}  // namespace flux::daemon
