#include "daemon/assemble.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <thread>

#include "cluster/client.h"
#include "cluster/discovery.h"
#include "cluster/watch_cache.h"
#include "daemon/cluster_contact.h"
#include "daemon/deploy_key.h"
#include "daemon/leadership.h"
#include "daemon/listeners.h"
#include "daemon/memory_marker.h"
#include "daemon/relevance.h"
#include "daemon/scanning/image_scanning.h"
#include "daemon/service.h"
#include "daemon/source.h"
#include "git/fetching_mirror.h"
#include "git/keys.h"
#include "git/notes.h"
#include "git/verify.h"
#include "metrics/metrics.h"
#include "sync/identity.h"
#include "sync/marker.h"

namespace flux::daemon {
namespace {

constexpr Duration kLoopPatience = std::chrono::seconds(6);  // longer than a question to the cluster may take
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

constexpr Duration kKeyTimeout = std::chrono::minutes(1);  // to import keys, to store a deploy key

void prepare_keys(const Bounded& ctx, const Settings& settings) {
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

SyncOptions sync_options(const Settings& settings, const std::optional<git::Url>& url, std::string default_ns) {
  const auto& options = settings.options;
  SyncOptions sync;
  sync.branch = {options.git.branch, verify_mode(settings.verify)};
  const auto safe_url = url ? url->safe() : std::string();
  sync.set_name = sync::sync_set_name(safe_url, options.git.branch, options.git.paths);
  sync.git_paths = options.git.paths;
  const auto& namespaces = options.kubernetes.allow_namespaces;
  sync.allowed_namespaces = {namespaces.begin(), namespaces.end()};
  sync.default_namespace = std::move(default_ns);
  sync.collect = {.enabled = options.sync.garbage_collection,
                  .dry_run = options.sync.garbage_collection_dry,
                  .max_share = options.sync.garbage_collection_max_share};
  sync.keep_additions = options.sync.keep_additions;
  sync.sync_timeout = options.sync.timeout;
  sync.git_timeout = options.git.timeout;
  sync.sync_interval = options.sync.interval;
  sync.missing = {.sops = options.sops, .git_secret = options.git.secret, .generation = options.manifest_generation};
  return sync;
}

Result<std::unique_ptr<sync::Marker>> make_marker(const Settings& settings, git::Mirror& mirror,
                                                  cluster::Client& client, const std::string& pod_ns,
                                                  const MemoryMarker& in_memory, git::Reader reader) {
  const auto& options = settings.options;
  if (settings.sync_state == SyncState::git)
    return sync::tag_marker(mirror, options.git.sync_tag,
                            {options.git.user, options.git.email, options.git.signing_key},
                            settings.verify != VerifyMode::none, reader);
  if (pod_ns.empty() && !settings.secret_was_asked_for) return std::make_unique<MemoryMarker>(in_memory);
  if (pod_ns.empty())
    return fail(
        ErrorKind::user, "the sync state is kept in a secret, but the namespace of this pod is not known",
        "Run fluxd in a cluster, where the service account's files tell the namespace, or use --sync-state=git.");
  return sync::secret_marker(client, pod_ns, options.kubernetes.secret_name);
}

void log_summary(const Context& ctx, const Settings& settings, const git::Mirror& mirror, const sync::Marker& marker) {
  const auto& git = settings.options.git;
  ctx.log({{"url", mirror.url() ? mirror.url()->shown() : ""},
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

Result<std::optional<git::Url>> git_url(const Options& options) {
  if (options.git.url.empty()) return std::nullopt;
  auto url = git::Url::parse(options.git.url.reveal());
  if (!url) return Failure(url.error());
  return std::move(*url);
}

UpdateOptions update_options(const Options& options) {
  UpdateOptions update;
  update.committer = {options.git.user, options.git.email, options.git.signing_key};
  update.set_author = options.git.set_author;
  update.skip_message = options.git.ci_skip_message;
  update.notes_ref = git::notes_ref(options.git.notes_ref);
  update.allowed_namespaces = options.kubernetes.allow_namespaces;
  update.use_labels = options.registry.use_labels;
  update.never_downgrade = options.automation_never_downgrade;
  update.git_timeout = options.git.timeout;
  return update;
}

LoopOptions loop_options(const Options& options, const std::optional<git::Url>& url) {
  LoopOptions loop;
  loop.shown_url = url ? url->shown() : "";
  loop.automation_interval = options.automation_interval;
  loop.busy_limit = options.sync.timeout + 4 * options.git.timeout + std::chrono::seconds(30);
  return loop;
}

cluster::WatchCache::Options watch_options(const Options& options, cluster::Discovery& discovery,
                                           AllTriggers& triggers) {
  cluster::WatchCache::Options watch;
  watch.namespaces = options.kubernetes.allow_namespaces;
  watch.on_change = [&](const cluster::Change& change) {
    if (matters(change)) triggers.cluster_changed();
    if (changes_images(change)) triggers.workloads_changed();
  };
  watch.on_definitions_change = [&] {
    discovery.invalidate();
    triggers.new_kinds();
  };
  watch.on_restored = [&] {
    discovery.invalidate();
    triggers.cluster_restored();
  };
  // One watch for each type is cheap; for each type in each of many namespaces it is not.
  watch.watch_all = options.kubernetes.allow_namespaces.empty();
  const auto interval = options.sync.interval;
  watch.recheck = std::clamp<Duration>(interval, std::chrono::seconds(5), std::chrono::minutes(5));
  // A watch that is silent because its connection is dead has to be noticed within two intervals.
  watch.idle_slack = std::clamp<Duration>(interval / 2, std::chrono::seconds(2), std::chrono::seconds(30));
  watch.watch_time = std::clamp<Duration>(2 * interval - watch.idle_slack - std::chrono::seconds(5),
                                          std::chrono::seconds(10), std::chrono::minutes(10));
  return watch;
}

/// A daemon at rest asks nothing: only once a watch has broken, or a probe has heard of trouble, is the cluster asked.
std::optional<Error> away_for_loop(ClusterContact& contact, const cluster::WatchCache& cache) {
  if (!contact.last().error && cache.complete()) return std::nullopt;
  const auto heard = contact.ask(kLoopPatience);
  return cluster_away(heard, Clock::now());
}

ServiceOptions service_options(const Options& options, const std::string& version, const SyncOptions& syncing) {
  ServiceOptions service;
  service.version = version;
  service.branch = options.git.branch;
  service.notes_ref = options.git.notes_ref;
  service.every_path = options.manifest_generation;
  service.git_timeout = options.git.timeout;
  service.health_limit = options.healthz_limit > Duration::zero()
                             ? options.healthz_limit
                             : arrival_limit(options.git.poll_interval, options.sync.interval);
  service.sync = syncing;
  service.use_labels = options.registry.use_labels;
  return service;
}

/// Nothing where there is no deploy key to have: outside a cluster, and with git over HTTP.
Result<std::unique_ptr<DeployKey>> load_deploy_key(const Bounded& ctx, const Options& options,
                                                   const std::optional<git::Url>& url, const std::string& pod_ns,
                                                   cluster::Client& client) {
  if (pod_ns.empty() || !wants_deploy_key(url, kInClusterMark)) return nullptr;
  DeployKeyOptions key;
  key.mount_path = options.kubernetes.secret_volume_mount_path;
  key.data_key = options.kubernetes.secret_data_key;
  key.keygen_dir = options.ssh_keygen.dir;
  key.keygen = {options.ssh_keygen.bits, options.ssh_keygen.type, options.ssh_keygen.format};
  key.ns = pod_ns;
  key.secret_name = options.kubernetes.secret_name;
  return DeployKey::load(ctx, std::move(key), client);
}

/// A pod's host name is its own.
std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

/// One term after the other, for as long as we lead.
void lead(const Context& ctx, Source& source, Leadership& leadership) {
  const auto loop_ctx = ctx.with_log(ctx.log.with({{"component", "sync-loop"}}));
  while (!ctx.stopped()) {
    const auto term = leadership.wait(ctx);
    if (!term) break;
    std::stop_source either;
    const auto end = [&either] { either.request_stop(); };
    const std::stop_callback with_term(*term, end);
    const std::stop_callback with_us(ctx.stop_token(), end);
    source.lead(loop_ctx.with_stop(either.get_token()));
    if (!ctx.stopped()) loop_ctx.log({{"warning", "no longer leading; the cluster is left to another fluxd"}});
  }
  leadership.give_up(ctx.with_stop({}).with_timeout(kFirstContact));
}

}  // namespace

Result<void> run_daemon(const Context& ctx, const Settings& settings, const std::string& version,
                        const std::function<void(Controls)>& running) {
  const auto& options = settings.options;
  cluster::ConfigSources sources;
  const auto config = find_cluster(options, sources);
  if (!config) return Failure(config.error());
  auto client = cluster::Client::make(*config, {.user_agent = "fluxd/" + version, .log = ctx.log});
  if (!client) return Failure(client.error());
  greet(ctx, **client);

  const auto parsed_url = git_url(options);
  if (!parsed_url) return Failure(parsed_url.error());
  const auto& url = *parsed_url;
  prepare_keys(ctx.with_timeout(kKeyTimeout), settings);
  const auto deploy_key = load_deploy_key(ctx.with_timeout(kKeyTimeout), options, url, config->pod_ns, **client);
  if (!deploy_key) return wrap(deploy_key.error(), "preparing the deploy key");

  metrics::Metrics metrics;
  cluster::Discovery discovery(
      **client, {.excluded = options.kubernetes.unsafe_exclude_resources, .max_age = std::chrono::hours(1)});
  AllTriggers triggers;
  cluster::WatchCache cache(ctx.with_log(ctx.log.with({{"component", "cluster"}})), **client,
                            watch_options(options, discovery, triggers));
  EventLog events;
  ClusterContact contact(**client);
  if (auto ok = contact.start(ctx); !ok) return Failure(ok.error());

  auto mirror_settings = mirror_config(options, url);
  if (*deploy_key) mirror_settings.ssh_identity = (*deploy_key)->identity_file();
  SourceOptions source_options{sync_options(settings, url, default_namespace(options, sources)),
                               loop_options(options, url), update_options(options)};
  source_options.loop.cluster_away = [&] { return away_for_loop(contact, cache); };
  git::FetchingMirror* mirror = nullptr;
  const MemoryMarker in_memory;
  const SourceGit git{[&](std::function<void()> on_refreshed) {
                        mirror_settings.on_refreshed = std::move(on_refreshed);
                        auto made = std::make_unique<git::FetchingMirror>(mirror_settings);
                        mirror = made.get();
                        return made;
                      },
                      [&](git::Mirror& of, git::Reader reader) {
                        return make_marker(settings, of, **client, config->pod_ns, in_memory, reader);
                      }};
  const Shared shared{**client, discovery, cache, triggers, metrics, {config->pod_ns, host_name()}};
  const auto source = Source::make(source_options, git, shared, events);
  if (!source) return Failure(source.error());
  log_summary(ctx, settings, (*source)->mirror(), (*source)->marker());

  const auto leadership = Leadership::start(ctx.with_log(ctx.log.with({{"component", "lease"}})), **client,
                                            {config->pod_ns, lease_name(source_options.sync.set_name), host_name()});
  if (!leadership) return Failure(leadership.error());
  std::unique_ptr<ImageScanning> scanning;
  if (options.registry.disable_scanning) {
    ctx.log({{"info", "registry scanning is disabled; no image updates will be attempted"}});
  } else {
    auto made = ImageScanning::make(options, {(*source)->cluster(), (*source)->state(), metrics},
                                    ctx.log.with({{"component", "registry"}}), version);
    if (!made) return Failure(made.error());
    scanning = std::move(*made);
    (*source)->use_images([&images = *scanning](const Bounded& with) { return images.known(with); });
  }
  Service service(service_options(options, version, source_options.sync), {.mirror = (*source)->mirror(),
                                                                           .marker = (*source)->asked_marker(),
                                                                           .cluster = (*source)->cluster(),
                                                                           .state = (*source)->state(),
                                                                           .deploy_key = deploy_key->get(),
                                                                           .metrics = metrics,
                                                                           .leadership = leadership->get(),
                                                                           .contact = &contact,
                                                                           .images = scanning.get(),
                                                                           .updater = &(*source)->asked_updater()});
  const auto listeners = open_listeners(ctx, options, service, metrics, [&scanning](const ImageRef& image) {
    return scanning && scanning->notice(image);
  });
  if (!listeners) return Failure(listeners.error());

  if (auto ok = mirror->start(ctx); !ok) return Failure(ok.error());
  if (scanning) {
    if (auto ok = scanning->start(ctx); !ok) return Failure(ok.error());
    triggers.tell_of_workloads([&] { scanning->workloads_changed(); });
  }
  running({[&] { mirror->notify(); }});
  lead(ctx, **source, **leadership);
  running({});
  triggers.tell_of_workloads({});
  return {};
}

}  // namespace flux::daemon
