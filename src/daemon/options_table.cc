#include "daemon/options_table.h"

namespace flux::daemon {
namespace {

constexpr char kNoLetter = '\0';

std::vector<Flag> general_flags(Options& o) {
  return {
      {"log-format", &o.log_format, "how to write the log: fmt (key=value pairs) or json"},
      {"listen", &o.listen, "address to serve the API on, and metrics unless --listen-metrics is set", 'l'},
      {"listen-metrics", &o.listen_metrics, "address to serve /metrics on instead"},
      {"listen-tls-cert", &o.listen_tls_cert, "PEM file with the certificate chain to serve HTTPS with on --listen"},
      {"listen-tls-key", &o.listen_tls_key, "PEM file with the key of --listen-tls-cert"},
      {"api-token-file", &o.api_token_file,
       "file with the token that requests to the API must carry; without it, none is asked for"},
      {"webhook-secret-file", &o.webhook_secret_file,
       "file with the secret that webhooks of registries must carry; without it, none are taken"},
      {"listen-webhooks", &o.listen_webhooks, "address to serve webhooks on as well, and nothing else"},
      {"healthz-limit", &o.healthz_limit,
       "how long commits may fail to arrive before /healthz fails; 0 means three times the longer of "
       "--git-poll-interval "
       "and --sync-interval, 5m at least"},
      {"version", &o.version, "print the version and exit"},
  };
}

std::vector<Flag> git_flags(Options& o) {
  auto& git = o.git;
  return {
      {"git-url", &git.url, "repository that holds the manifests; without one fluxd waits to be configured"},
      {"git-branch", &git.branch, "branch to follow"},
      {"git-path", &git.paths, "directories and files with manifests, relative to the top of the repository"},
      {"git-readonly", &git.readonly,
       "never write to the repository; the sync state is then kept in a secret, outside of a cluster in memory"},
      {"git-user", &git.user, "name of the committer"},
      {"git-email", &git.email, "e-mail address of the committer"},
      {"git-set-author", &git.set_author, "make the user who asked for a change the author of its commit"},
      {"git-label", &git.label, "name for both the sync tag and the notes ref, in place of the two flags for them"},
      {"git-secret", &git.secret, "decrypt files with git-secret after each checkout"},
      {"git-sync-tag", &git.sync_tag, "tag that marks the commit synced last"},
      {"git-notes-ref", &git.notes_ref, "ref for the notes that say why a commit was made"},
      {"git-ci-skip", &git.ci_skip, "end commit messages with [ci skip]"},
      {"git-ci-skip-message", &git.ci_skip_message, "end commit messages with this text instead"},
      {"git-poll-interval", &git.poll_interval, "how often to look for new commits"},
      {"git-timeout", &git.timeout, "how long one git operation may take"},
      {"git-gpg-key-import", &git.gpg_key_import, "files, and directories of files, with GPG keys to import at start"},
      {"git-signing-key", &git.signing_key, "GPG key to sign commits and the sync tag with"},
      {"git-verify-signatures", &git.verify_signatures, "verify the signatures of all commits", kNoLetter,
       "Changed to --git-verify-signatures-mode, use that instead"},
      {"git-verify-signatures-mode", &git.verify_signatures_mode,
       "commits that must have a valid signature: none, all, or first-parent (only those on the main line)"},
      {"sops", &o.sops, "decrypt files with sops before applying them"},
      {"manifest-generation", &o.manifest_generation, "run the generators that .flux.yaml files ask for"},
  };
}

std::vector<Flag> sync_flags(Options& o) {
  auto& sync = o.sync;
  return {
      {"sync-interval", &sync.interval, "how often to compare the whole cluster with git, new commits or not"},
      {"sync-timeout", &sync.timeout, "how long one sync or one job may take"},
      {"sync-garbage-collection", &sync.garbage_collection, "delete from the cluster what has been deleted from git"},
      {"sync-garbage-collection-dry", &sync.garbage_collection_dry, "only log what garbage collection would delete"},
      {"sync-keep-additions", &sync.keep_additions,
       "keep what people add to resources with kubectl, as fluxcd.io/keep-additions: \"true\" does for one"},
      {"sync-garbage-collection-max-share", &sync.garbage_collection_max_share,
       "refuse a garbage collection of more than this share of the managed objects; 1 allows any"},
      {"sync-state", &sync.state, "where to keep the commit synced last: git (a tag) or secret (an annotation)"},
  };
}

std::vector<Flag> image_flags(Options& o) {
  auto& registry = o.registry;
  auto& memcached = o.memcached;
  return {
      {"memcached-hostname", &memcached.hostname,
       "host of a memcached to keep images in, in place of --image-cache-dir; only used when given"},
      {"memcached-port", &memcached.port, "port of memcached, when --memcached-service is empty"},
      {"memcached-timeout", &memcached.timeout, "how long one memcached request may take"},
      {"memcached-service", &memcached.service,
       "SRV service name to find memcached servers by; empty uses host and port"},
      {"registry-disable-scanning", &registry.disable_scanning, "do not scan image registries"},
      {"automation-interval", &o.automation_interval, "how often to look for new images of automated workloads"},
      {"automation-never-downgrade", &o.automation_never_downgrade,
       "never give a workload an older image, as fluxcd.io/never-downgrade: \"true\" does for one"},
      {"registry-poll-interval", &registry.poll_interval, "how often to look for new images", kNoLetter,
       "Changed to --automation-interval, use that instead"},
      {"registry-rps", &registry.rps, "most requests a second to one registry"},
      {"registry-burst", &registry.burst, "most requests at a time to one registry"},
      {"registry-trace", &registry.trace, "log each registry request"},
      {"registry-insecure-host", &registry.insecure_hosts,
       "registries to talk to without verifying certificates, or over plain HTTP"},
      {"registry-auth-host", &registry.auth_hosts,
       "token services to trust with registry credentials although they belong to another domain"},
      {"registry-platform", &registry.platforms, "platforms whose images to look at, the first that an image has"},
      {"registry-exclude-image", &registry.exclude_images, "globs for images not to scan"},
      {"registry-include-image", &registry.include_images, "globs for the only images to scan"},
      {"registry-use-labels", &registry.use_labels, "globs for images whose labels tell when they were built"},
      {"registry-ecr-region", &registry.ecr_regions, "AWS regions whose ECR to scan; without it, the region we run in"},
      {"registry-ecr-include-id", &registry.ecr_include_ids, "AWS accounts whose ECR to scan; without it, all"},
      {"registry-ecr-exclude-id", &registry.ecr_exclude_ids, "AWS accounts whose ECR not to scan"},
      {"registry-require", &registry.require, "registries that must be usable at start; only ecr is known"},
      {"image-cache-dir", &registry.cache_dir,
       "directory to keep what registries told over a restart; without it /var/cache/fluxd if that can be written, "
       "else "
       ".cache/fluxd in the home directory; empty keeps it in memory only"},
      {"registry-cache-expiry", &registry.cache_expiry, "how long to keep image metadata", kNoLetter,
       "No longer used; cache entries are expired adaptively according to how often they change"},
      {"docker-config", &registry.docker_config, "Docker configuration file with credentials for registries"},
  };
}

std::vector<Flag> cluster_flags(Options& o) {
  auto& k8s = o.kubernetes;
  return {
      {"k8s-in-cluster", &k8s.in_cluster, "whether we run in the cluster", kNoLetter, "No longer used"},
      {"k8s-secret-name", &k8s.secret_name, "secret with the deploy key"},
      {"k8s-secret-volume-mount-path", &k8s.secret_volume_mount_path, "where that secret is mounted"},
      {"k8s-secret-data-key", &k8s.secret_data_key, "key within that secret that holds the private key"},
      {"k8s-namespace-whitelist", &k8s.namespace_whitelist, "namespaces to be restricted to", kNoLetter,
       "Changed to --k8s-allow-namespace, use that instead"},
      {"k8s-allow-namespace", &k8s.allow_namespaces, "namespaces to be restricted to; without it, all"},
      {"k8s-default-namespace", &k8s.default_namespace, "namespace for manifests that name none"},
      {"k8s-unsafe-exclude-resource", &k8s.unsafe_exclude_resources,
       "globs for <group/version>/<kind> of resources to leave alone altogether"},
      {"k8s-verbosity", &k8s.verbosity, "how much the Kubernetes client logs"},
      {"kubernetes-kubectl", &k8s.kubectl, "unused, for compatibility: fluxd needs no kubectl"},
      {"kube-config", &k8s.kube_config, "kubeconfig file", kNoLetter,
       "Please use the KUBECONFIG environment variable instead"},
      {"ssh-keygen-bits", &o.ssh_keygen.bits, "bits of a new deploy key; without it, what ssh-keygen does"},
      {"ssh-keygen-type", &o.ssh_keygen.type, "type of a new deploy key; without it, what ssh-keygen does"},
      {"ssh-keygen-format", &o.ssh_keygen.format, "file format of a new deploy key; without it, what ssh-keygen does"},
      {"ssh-keygen-dir", &o.ssh_keygen.dir,
       "directory for new deploy keys; without it, --k8s-secret-volume-mount-path"},
      {"connect", &o.upstream.connect, "base URL of the service to connect to (ws, wss, http or https)"},
      {"token", &o.upstream.token, "token for that service"},
      {"rpc-timeout", &o.upstream.rpc_timeout, "how long a request from that service may take"},
  };
}

}  // namespace

std::vector<Flag> flags_of(Options& options) {
  std::vector<Flag> table;
  for (const auto& group :
       {general_flags(options), git_flags(options), sync_flags(options), image_flags(options), cluster_flags(options)})
    table.insert(table.end(), group.begin(), group.end());
  return table;
}

}  // namespace flux::daemon
