#include "daemon/assemble.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <thread>

#include "api/handlers.h"
#include "cluster/client.h"
#include "cluster/discovery.h"
#include "cluster/watch_cache.h"
#include "daemon/heartbeat.h"
#include "daemon/loop.h"
#include "daemon/relevance.h"
#include "daemon/service.h"
#include "daemon/sync_pass.h"
#include "git/mirror.h"
#include "git/verify.h"
#include "http/server.h"
#include "metrics/metrics.h"
#include "sync/identity.h"
#include "sync/marker.h"

namespace flux::daemon {
namespace {

constexpr Duration kFirstContact = std::chrono::seconds(5);

git::VerifyMode verify_mode(VerifyMode mode) {
  switch (mode) {
    case VerifyMode::all:
      return git::VerifyMode::all;
    case VerifyMode::first_parent:
      return git::VerifyMode::first_parent;
    case VerifyMode::none:
      break;
  }
  return git::VerifyMode::none;
}

Result<cluster::Config> find_cluster(const Options& options, cluster::ConfigSources& sources) {
  const bool given = options.was_given("kube-config");
  sources = cluster::ConfigSources::environment(given ? options.kubernetes.kube_config : "");
  return cluster::load_config(sources);
}

std::string default_namespace(const Options& options, const cluster::ConfigSources& sources) {
  if (!options.kubernetes.default_namespace.empty()) return options.kubernetes.default_namespace;
  const auto of_context = cluster::context_namespace(sources);
  return of_context.empty() ? "default" : of_context;
}

/// Not reaching the API server now is no reason to give up: the loop keeps trying.
void greet(const Context& ctx, cluster::Client& client) {
  const auto log = ctx.log.with({{"component", "cluster"}});
  const auto version = client.server_version(ctx.with_timeout(kFirstContact));
  if (version)
    log({{"version", "kubernetes-" + *version}, {"host", client.host()}});
  else
    log({{"err", version.error()}, {"host", client.host()}});
}

void prepare_keys(const Context& ctx, const Settings& settings) {
  for (const auto& entry : settings.options.git.gpg_key_import) {
    const auto import = git::import_keys(ctx, entry);
    if (!import.error.empty())
      ctx.log({{"error", fmt::format("failed to import GPG key(s) from {}", entry)}, {"err", import.error}});
    if (!import.imported.empty())
      ctx.log({{"info", fmt::format("imported GPG key(s) from {}", entry)},
               {"files", fmt::format("[{}]", fmt::join(import.imported, " "))}});
  }
  if (settings.verify == VerifyMode::none) return;
  if (auto ok = git::trust_all_keys(ctx); !ok)
    ctx.log({{"error", "failed to trust the GPG keys"}, {"err", ok.error()}});
}

git::MirrorConfig mirror_config(const Options& options, std::optional<git::Url> url) {
  git::MirrorConfig config;
  config.url = std::move(url);
  config.branch = options.git.branch;
  config.read_only = options.git.readonly;
  config.poll_interval = options.git.poll_interval;
  config.clone_timeout = options.git.timeout;
  config.fetch_timeout = options.git.timeout;
  return config;
}

SyncOptions sync_options(const Options& options, const git::MirrorConfig& mirror, std::string default_ns) {
  SyncOptions sync;
  const auto safe_url = mirror.url ? mirror.url->safe() : std::string();
  sync.set_name = sync::sync_set_name(safe_url, options.git.branch, options.git.paths);
  sync.git_paths = options.git.paths;
  const auto& namespaces = options.kubernetes.allow_namespaces;
  sync.allowed_namespaces = {namespaces.begin(), namespaces.end()};
  sync.default_namespace = std::move(default_ns);
  sync.collect = {.enabled = options.sync.garbage_collection,
                  .dry_run = options.sync.garbage_collection_dry,
                  .max_share = options.sync.garbage_collection_max_share};
  sync.sync_timeout = options.sync.timeout;
  sync.git_timeout = options.git.timeout;
  sync.sync_interval = options.sync.interval;
  sync.missing = {.sops = options.sops, .git_secret = options.git.secret, .generation = options.manifest_generation};
  return sync;
}

Result<std::unique_ptr<sync::Marker>> make_marker(const Settings& settings, git::Mirror& mirror,
                                                  cluster::Client& client, const std::string& pod_ns) {
  const auto& options = settings.options;
  if (settings.sync_state == SyncState::git)
    return sync::tag_marker(mirror, options.git.sync_tag,
                            {options.git.user, options.git.email, options.git.signing_key},
                            settings.verify != VerifyMode::none);
  if (pod_ns.empty())
    return fail(
        ErrorKind::user, "the sync state is kept in a secret, but the namespace of this pod is not known",
        "Run fluxd in a cluster, where the service account's files tell the namespace, or use --sync-state=git.");
  return sync::secret_marker(client, pod_ns, options.kubernetes.secret_name);
}

void log_summary(const Context& ctx, const Settings& settings, const git::Mirror& mirror, const sync::Marker& marker) {
  const auto& git = settings.options.git;
  ctx.log({{"url", mirror.config().url ? mirror.config().url->shown() : ""},
           {"user", git.user},
           {"email", git.email},
           {"signing-key", git.signing_key},
           {"verify-signatures-mode", git.verify_signatures_mode},
           {"sync-tag", git.sync_tag},
           {"state", marker.to_string()},
           {"readonly", git.readonly},
           {"registry-disable-scanning", settings.options.registry.disable_scanning},
           {"notes-ref", git.notes_ref},
           {"set-author", git.set_author},
           {"git-secret", git.secret},
           {"sops", settings.options.sops}});
}

Result<std::unique_ptr<http::Server>> serve(const Context& ctx, const std::string& address, http::Handler handler) {
  auto server = http::Server::listen(address, {}, std::move(handler), ctx.log);
  if (!server) return Failure(server.error());
  ctx.log({{"addr", address}, {"port", (*server)->port()}});
  return server;
}

}  // namespace

Result<void> run_daemon(const Context& ctx, const Settings& settings, const std::string& version,
                        const std::function<void(Controls)>& running) {
  const auto& options = settings.options;
  cluster::ConfigSources sources;
  const auto config = find_cluster(options, sources);
  if (!config) return Failure(config.error());
  auto client = cluster::Client::make(*config, {.user_agent = "fluxd/" + version});
  if (!client) return Failure(client.error());
  greet(ctx, **client);

  std::optional<git::Url> url;
  if (!options.git.url.empty()) {
    auto parsed = git::Url::parse(options.git.url.reveal());
    if (!parsed) return Failure(parsed.error());
    url = std::move(*parsed);
  }
  prepare_keys(ctx, settings);

  metrics::Metrics metrics;
  Heartbeat heartbeat;
  std::unique_ptr<Loop> loop;
  auto mirror_settings = mirror_config(options, url);
  mirror_settings.on_refreshed = [&] { loop->on_refreshed(); };
  git::Mirror mirror(mirror_settings);

  cluster::Discovery discovery(
      **client, {.excluded = options.kubernetes.unsafe_exclude_resources, .max_age = std::chrono::hours(1)});
  auto marker = make_marker(settings, mirror, **client, config->pod_ns);
  if (!marker) return Failure(marker.error());
  log_summary(ctx, settings, mirror, **marker);

  const auto loop_ctx = ctx.with_log(ctx.log.with({{"component", "sync-loop"}}));
  std::unique_ptr<cluster::WatchCache> cache;
  {
    cluster::WatchCache::Options watch;
    watch.namespaces = options.kubernetes.allow_namespaces;
    watch.on_change = [&](const cluster::Change& change) {
      if (matters(change)) loop->on_cluster_change();
    };
    watch.on_definitions_change = [&] {
      discovery.invalidate();
      loop->on_new_kinds();
    };
    cache = std::make_unique<cluster::WatchCache>(ctx.with_log(ctx.log.with({{"component", "cluster"}})), **client,
                                                  std::move(watch));
  }
  SyncPass pass(sync_options(options, mirror.config(), default_namespace(options, sources)), mirror,
                {**client, discovery, *cache}, **marker, metrics);
  LoopOptions loop_options;
  loop_options.branch = options.git.branch;
  loop_options.shown_url = url ? url->shown() : "";
  loop_options.verify = verify_mode(settings.verify);
  loop_options.sync_interval = options.sync.interval;
  loop_options.git_timeout = options.git.timeout;
  loop_options.busy_limit = options.sync.timeout + 4 * options.git.timeout + std::chrono::seconds(30);
  loop = std::make_unique<Loop>(loop_options, mirror, **marker, pass, heartbeat);

  Service service({version, options.git.branch, options.git.paths, options.git.timeout}, mirror, **client, **marker,
                  heartbeat, metrics);
  api::HandlerOptions handling;
  handling.metrics = options.listen_metrics.empty();
  handling.observe = [&](const api::Answered& request) {
    metrics.request_duration.observe(request.took, request.method, request.route, std::to_string(request.status),
                                     false);
  };
  const auto server = serve(ctx, options.listen, api::api_handler(service, handling));
  if (!server) return Failure(server.error());
  std::unique_ptr<http::Server> metrics_server;
  if (!options.listen_metrics.empty()) {
    auto listening = serve(ctx, options.listen_metrics, api::metrics_handler(service));
    if (!listening) return Failure(listening.error());
    metrics_server = std::move(*listening);
  }

  mirror.start(ctx);
  running({[&] { mirror.notify(); }});
  loop->run(loop_ctx);
  running({});
  return {};
}

}  // namespace flux::daemon
